package dev.muster.balancer.request;

import dev.muster.balancer.http1.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Header lines kept for texts that ask for them later. Immutable.
public final class HeaderLines {
  private final byte[] octets;

  /// Lines that end in CRLF; other lines among them are ignored.
  public HeaderLines(byte[] octets, int from, int to) {
    this.octets = Arrays.copyOfRange(octets, from, to);
  }

  /// The values of all lines of a name, in lower case, joined; null without any.
  public @Nullable String value(String name, String separator) {
    byte[] wanted = Octets.ascii(name);
    String found = null;
    int start = 0;
    while (start < octets.length) {
      int end = lineEnd(start);
      int valueStart = start + wanted.length + 1;
      if (valueStart <= end
          && octets[valueStart - 1] == ':'
          && Octets.equalsIgnoringCase(octets, start, valueStart - 1, wanted)) {
        String value =
            new String(octets, valueStart, end - valueStart, StandardCharsets.ISO_8859_1).strip();
        found = found == null ? value : found + separator + value;
      }
      start = end + 2;
    }
    return found;
  }

  private int lineEnd(int from) {
    int at = from;
    while (at < octets.length && octets[at] != '\r') {
      at++;
    }
    return at;
  }
}
