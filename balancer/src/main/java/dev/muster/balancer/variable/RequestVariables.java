package dev.muster.balancer.variable;

import static java.util.Map.entry;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a request says.
final class RequestVariables {
  static final Map<String, Variable> TABLE =
      Map.ofEntries(
          entry("args", Request::args),
          entry("query_string", Request::args),
          entry("is_args", request -> request.args().isEmpty() ? "" : "?"),
          entry("uri", new Uri()),
          entry("document_uri", new Uri()),
          entry("request_uri", new Target()),
          entry("request", request -> line(request.sentHead())),
          entry("request_method", Request::method),
          entry("request_id", Request::id),
          // A body is passed on as it comes, and never held as a whole.
          entry("request_body", _ -> null),
          entry("request_body_file", _ -> null),
          entry("host", new Host()),
          entry("content_type", header("content-type")),
          entry("content_length", header("content-length")),
          entry("remote_user", RequestVariables::user),
          entry("server_protocol", request -> protocol(request.head())),
          entry("server_name", request -> request.site().name()),
          entry("proxy_host", Request::upstreamName),
          entry("proxy_port", RequestVariables::proxyPort),
          entry("limit_rate", RequestVariables::limitRate));

  private RequestVariables() {}

  /// `$http_name`; cookies of several lines are joined like one.
  static Variable header(String field) {
    String separator = field.equals("cookie") ? "; " : ", ";
    return separator.equals(", ") ? new Header(field) : request -> request.header(field, separator);
  }

  private static String line(RequestHead head) {
    return latin1(head, head.methodStart(), head.targetEnd()) + " " + protocol(head);
  }

  private static String protocol(RequestHead head) {
    return head.isVersion10() ? "HTTP/1.0" : "HTTP/1.1";
  }

  private static String latin1(RequestHead head, int from, int to) {
    return new String(head.bytes(), from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static @Nullable String user(Request request) {
    String said = request.header("authorization");
    if (said == null || !said.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(said.substring(6).strip());
      String both = new String(decoded, StandardCharsets.ISO_8859_1);
      int colon = both.indexOf(':');
      return colon < 0 ? null : both.substring(0, colon);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String proxyPort(Request request) {
    String to = request.upstreamName();
    if (to == null) {
      return null;
    }
    int colon = to.lastIndexOf(':');
    boolean hasPort = colon > to.lastIndexOf(']');
    return hasPort ? to.substring(colon + 1) : "80";
  }

  private static String limitRate(Request request) {
    String assigned = request.assigned(Request.LIMIT_RATE);
    return assigned == null ? "0" : assigned;
  }

  /// `$arg_name`: the first of that name, as it was sent; case does not matter.
  static Variable argument(String name) {
    return request -> argument(request.args(), name);
  }

  private static @Nullable String argument(String args, String name) {
    int start = 0;
    while (start < args.length()) {
      int next = args.indexOf('&', start);
      int end = next < 0 ? args.length() : next;
      int equals = start + name.length();
      if (equals < end
          && args.charAt(equals) == '='
          && args.regionMatches(true, start, name, 0, name.length())) {
        return args.substring(equals + 1, end);
      }
      start = end + 1;
    }
    return null;
  }

  /// `$cookie_name`: the first of that name; case does not matter.
  static Variable cookie(String name) {
    return request -> {
      String all = request.header("cookie", "; ");
      return all == null ? null : cookie(all, name);
    };
  }

  private static @Nullable String cookie(String all, String name) {
    int start = 0;
    while (start < all.length()) {
      int semicolon = all.indexOf(';', start);
      int end = semicolon < 0 ? all.length() : semicolon;
      int equals = all.indexOf('=', start);
      if (equals >= 0
          && equals < end
          && all.substring(start, equals).strip().equalsIgnoreCase(name)) {
        return all.substring(equals + 1, end).strip();
      }
      start = end + 1;
    }
    return null;
  }

  private record Header(String field) implements Variable {
    @Override
    public @Nullable String value(Request request) {
      return request.header(field);
    }

    @Override
    public void write(Request request, HeadWriter out) {
      request.writeHeader(field, out);
    }
  }

  private record Host() implements Variable {
    @Override
    public String value(Request request) {
      return request.host();
    }

    @Override
    public void write(Request request, HeadWriter out) {
      request.writeHost(out);
    }
  }

  private record Uri() implements Variable {
    @Override
    public String value(Request request) {
      return request.uri();
    }

    @Override
    public void write(Request request, HeadWriter out) {
      out.write(request.pathOctets(), request.pathStart(), request.pathEnd());
    }
  }

  private record Target() implements Variable {
    @Override
    public String value(Request request) {
      return request.target();
    }

    @Override
    public void write(Request request, HeadWriter out) {
      RequestHead head = request.sentHead();
      out.write(head.bytes(), head.targetStart(), head.targetEnd());
    }
  }
}
