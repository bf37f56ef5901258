package dev.muster.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// A node's metadata as TXT records, by RFC 1464: `key=value`, where a backquote quotes.
final class Text {
  private static final int STRING_BYTES_MAX = 255;

  /// Marks keys whose value is all that is said.
  private static final String BARE = "rfc1035-";

  private Text() {}

  static Record record(Name owner, long ttl, String key, String value) {
    boolean isBare = key.toLowerCase(Locale.ROOT).startsWith(BARE);
    byte[] text = (isBare ? value : attribute(key, value)).getBytes(StandardCharsets.UTF_8);
    var rdata = new ByteArrayOutputStream();
    int at = 0;
    do {
      int length = Math.min(STRING_BYTES_MAX, text.length - at);
      rdata.write(length);
      rdata.write(text, at, length);
      at += length;
    } while (at < text.length);
    return Record.newRecord(owner, Type.TXT, DClass.IN, ttl, rdata.toByteArray());
  }

  static String attribute(String key, String value) {
    String quoted = key.replace("`", "``").replace("=", "`=");
    int start = 0;
    while (start < quoted.length() && quoted.charAt(start) == ' ') {
      start++;
    }
    int end = quoted.length();
    while (end > start && quoted.charAt(end - 1) == ' ') {
      end--;
    }
    return "` ".repeat(start)
        + quoted.substring(start, end)
        + "` ".repeat(quoted.length() - end)
        + "="
        + value.replace("`", "``");
  }
}
