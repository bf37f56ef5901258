package dev.muster.balancer.observe;

import dev.muster.balancer.config.AccessLogConfig.Escape;
import dev.muster.balancer.http1.HeadWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes values into lines of a log, octets as Latin-1 characters, so that none can end its line
/// or its quotes.
final class Escaping {
  private static final String HEX = "0123456789ABCDEF";

  private Escaping() {}

  static void write(@Nullable String value, Escape escape, HeadWriter out) {
    switch (escape) {
      case DEFAULT -> quoted(value, out);
      case JSON -> json(value == null ? "" : value, out);
      case NONE -> plain(value == null ? "" : value, out);
    }
  }

  private static void plain(String value, HeadWriter out) {
    out.write(value.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void quoted(@Nullable String value, HeadWriter out) {
    if (value == null) {
      out.write('-');
      return;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\' || c < ' ' || c > '~') {
        out.write('\\').write('x').write(HEX.charAt((c >> 4) & 0xf)).write(HEX.charAt(c & 0xf));
      } else {
        out.write(c);
      }
    }
  }

  private static void json(String value, HeadWriter out) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> out.write('\\').write(c);
        case '\n' -> out.write('\\').write('n');
        case '\r' -> out.write('\\').write('r');
        case '\t' -> out.write('\\').write('t');
        case '\b' -> out.write('\\').write('b');
        case '\f' -> out.write('\\').write('f');
        default -> {
          if (c < ' ') {
            unicode(c, out);
          } else {
            out.write(c);
          }
        }
      }
    }
  }

  /// As `json`, but what is no UTF-8 is taken for Latin-1, so that the line is always JSON.
  static void soundJson(String value, HeadWriter out) {
    boolean isAscii = value.chars().allMatch(c -> c < 0x80);
    if (isAscii || isUtf8(value)) {
      json(value, out);
      return;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x80) {
        json(String.valueOf(c), out);
      } else {
        unicode(c, out);
      }
    }
  }

  private static boolean isUtf8(String value) {
    try {
      byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void unicode(char c, HeadWriter out) {
    out.write('\\').write('u').write('0').write('0');
    out.write(HEX.charAt((c >> 4) & 0xf)).write(HEX.charAt(c & 0xf));
  }
}
