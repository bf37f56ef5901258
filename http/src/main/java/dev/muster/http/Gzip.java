package dev.muster.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// The one compression that is offered, and who wants it (RFC 9110, section 12.5.3).
final class Gzip {
  /// What is smaller fits into one packet anyway.
  static final int BYTES_MIN = 1_000;

  private Gzip() {}

  /// Whether a client prefers it to no compression.
  ///
  /// @param acceptEncoding each value of the header
  static boolean isWanted(List<String> acceptEncoding) {
    double gzip = -1;
    double others = -1;
    double identity = -1;
    for (String header : acceptEncoding) {
      for (String element : header.split(",", -1)) {
        String[] parts = element.split(";", 2);
        double weight = parts.length > 1 ? weight(parts[1]) : 1;
        switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
          case "gzip", "x-gzip" -> gzip = weight;
          case "*" -> others = weight;
          case "identity" -> identity = weight;
          default -> {}
        }
      }
    }
    double asked = gzip >= 0 ? gzip : others;
    return asked > 0 && asked >= identity;
  }

  /// What cannot be read is not asked for.
  private static double weight(String parameter) {
    String[] parts = parameter.split("=", 2);
    if (parts.length < 2 || !parts[0].strip().equalsIgnoreCase("q")) {
      return 0;
    }
    try {
      return Double.parseDouble(parts[1].strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static byte[] compressed(byte[] bytes) {
    var out = new ByteArrayOutputStream(bytes.length / 4);
    try (OutputStream gzip = new Fast(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /// For JSON, the further levels take several times as long for a few percent.
  private static final class Fast extends GZIPOutputStream {
    private Fast(OutputStream out) throws IOException {
      super(out, 8 * 1024);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
