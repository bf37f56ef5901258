package dev.muster.balancer.upstream;

import dev.muster.balancer.config.HealthCheck;
import dev.muster.balancer.config.HealthCheck.Body;
import dev.muster.balancer.config.HealthCheck.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One question to a server whether it is well. Blocks; for a virtual thread.
final class Probe {
  private static final int ANSWER_BYTES_MAX = 64 * 1024;

  private static final Pattern LENGTH =
      Pattern.compile("(?i)\\r\\ncontent-length: *([0-9]{1,6})\\r\\n");

  private Probe() {}

  /// Why the server is not well; empty if it is.
  static Optional<String> ask(HealthCheck check, InetSocketAddress address) {
    int millis = (int) Math.min(Integer.MAX_VALUE, check.timeout().toMillis());
    InetSocketAddress to =
        check.port() == 0 ? address : new InetSocketAddress(address.getAddress(), check.port());
    try (Socket socket = new Socket()) {
      socket.connect(to, millis);
      if (check.uri().isEmpty()) {
        return Optional.empty();
      }
      socket.setSoTimeout(millis);
      String head =
          "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\nUser-Agent: muster\r\n\r\n"
              .formatted(check.uri(), check.host());
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      return against(check.expected(), answer(socket.getInputStream()));
    } catch (IOException e) {
      return Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  /// All of an answer, or the first 64 KiB of it: up to its stated length, or the end.
  private static String answer(InputStream in) throws IOException {
    var read = new ByteArrayOutputStream();
    byte[] piece = new byte[4096];
    int wanted = ANSWER_BYTES_MAX;
    while (read.size() < wanted) {
      int count = in.read(piece, 0, Math.min(piece.length, wanted - read.size()));
      if (count < 0) {
        break;
      }
      read.write(piece, 0, count);
      if (wanted == ANSWER_BYTES_MAX) {
        wanted = Math.min(wanted, length(read.toString(StandardCharsets.ISO_8859_1)));
      }
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  /// Of the whole answer, as far as its head is there and says it.
  private static int length(String begun) {
    int end = begun.indexOf("\r\n\r\n");
    Matcher stated = LENGTH.matcher(end < 0 ? "" : begun.substring(0, end + 2));
    return stated.find() ? end + 4 + Integer.parseInt(stated.group(1)) : ANSWER_BYTES_MAX;
  }

  /// What speaks against an answer; empty if nothing does.
  static Optional<String> against(HealthCheck.Expected expected, String answer) {
    if (!answer.matches("(?s)HTTP/1\\.[01] [1-5][0-9][0-9].*")) {
      return Optional.of("the answer is no HTTP");
    }
    int status = Integer.parseInt(answer.substring(9, 12));
    if (expected.statuses().stream().noneMatch(range -> range.has(status))) {
      return Optional.of("status " + status);
    }
    int end = answer.indexOf("\r\n\r\n");
    String head = end < 0 ? answer : answer.substring(0, end);
    List<String> lines = Arrays.asList(head.split("\r\n"));
    for (Header header : expected.headers()) {
      if (has(lines, header) == header.isNegated()) {
        return Optional.of("header " + header.name() + " is not as expected");
      }
    }
    String body = end < 0 ? "" : answer.substring(end + 4);
    Optional<Body> wanted = expected.body();
    if (wanted.isPresent()
        && wanted.get().pattern().matcher(body).find() == wanted.get().isNegated()) {
      return Optional.of("the body is not as expected");
    }
    return Optional.empty();
  }

  private static boolean has(List<String> lines, Header header) {
    for (String line : lines) {
      int colon = line.indexOf(':');
      boolean isNamed =
          colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(header.name());
      if (isNamed) {
        String value = line.substring(colon + 1).strip();
        if (header.pattern().isEmpty() || header.pattern().get().matcher(value).find()) {
          return true;
        }
      }
    }
    return false;
  }
}
