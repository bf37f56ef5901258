package dev.muster.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The target of a request line (RFC 9112, section 3.2), decoded. Strict: two targets never decode
/// to the same text unless they mean the same bytes.
record Target(String path, Map<String, List<String>> query) {

  /// @param text one character for each byte, as it was read
  /// @throws IllegalArgumentException if it is none; the message says why
  static Target parse(String text) {
    String rest = withoutAuthority(text);
    int mark = rest.indexOf('?');
    String path = decode(mark < 0 ? rest : rest.substring(0, mark), false);
    Map<String, List<String>> query = new LinkedHashMap<>();
    String parameters = mark < 0 ? "" : rest.substring(mark + 1);
    for (String parameter : parameters.split("&", -1)) {
      if (!parameter.isEmpty()) {
        int equal = parameter.indexOf('=');
        String name = decode(equal < 0 ? parameter : parameter.substring(0, equal), true);
        String value = equal < 0 ? "" : decode(parameter.substring(equal + 1), true);
        query.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
      }
    }
    return new Target(path, query);
  }

  /// Proxies send `http://host/path`.
  private static String withoutAuthority(String text) {
    int scheme = text.indexOf("://");
    if (scheme < 0 || !text.substring(0, scheme).matches("(?i)https?")) {
      return text;
    }
    int slash = text.indexOf('/', scheme + 3);
    return slash < 0 ? "/" : text.substring(slash);
  }

  private static String decode(String text, boolean plusIsSpace) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(hex(text, i + 1) << 4 | hex(text, i + 2));
        i += 2;
      } else {
        bytes.write(c == '+' && plusIsSpace ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("\"%s\" is not UTF-8".formatted(text), e);
    }
  }

  private static int hex(String text, int at) {
    int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException(
          "\"%s\": after %% come two hexadecimal digits".formatted(text));
    }
    return digit;
  }
}
