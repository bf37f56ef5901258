package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.pipeline.Verdict.Answer;
import java.nio.charset.StandardCharsets;

/// Heads of answers that the balancer gives itself.
final class Answers {
  private static final byte[] VERSION = Octets.ascii("HTTP/1.1 ");
  private static final byte[] TYPE = Octets.ascii("\r\nContent-Type: ");
  private static final byte[] LENGTH = Octets.ascii("\r\nContent-Length: ");
  private static final byte[] SEPARATOR = Octets.ascii(": ");
  private static final byte[] CLOSE = Octets.ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = Octets.ascii("Connection: keep-alive\r\n");

  private Answers() {}

  /// Everything but the empty line at the end.
  static void writeHead(Answer answer, boolean keeps, boolean isVersion10, HeadWriter out) {
    out.clear().write(VERSION).write(Octets.ascii(answer.status() + " " + reason(answer.status())));
    boolean hasBody = answer.status() != 204 && answer.status() != 304;
    if (hasBody && !answer.contentType().isEmpty()) {
      out.write(TYPE).write(latin1(answer.contentType()));
    }
    if (hasBody) {
      out.write(LENGTH).write(Octets.ascii(Integer.toString(answer.body().length())));
    }
    out.endLine();
    for (Answer.Line line : answer.headers()) {
      out.write(latin1(line.name())).write(SEPARATOR).write(latin1(line.value())).endLine();
    }
    if (!keeps) {
      out.write(CLOSE);
    } else if (isVersion10) {
      out.write(KEEP_ALIVE);
    }
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 201 -> "Created";
      case 202 -> "Accepted";
      case 204 -> "No Content";
      case 206 -> "Partial Content";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 303 -> "See Other";
      case 304 -> "Not Modified";
      case 307 -> "Temporary Redirect";
      case 308 -> "Permanent Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 402 -> "Payment Required";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 411 -> "Length Required";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 416 -> "Range Not Satisfiable";
      case 421 -> "Misdirected Request";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      case 507 -> "Insufficient Storage";
      default -> "";
    };
  }
}
