package dev.muster.balancer.variable;

import static java.util.Map.entry;

import dev.muster.balancer.request.Request;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables that every configuration has.
final class BuiltIn {
  private static final Map<String, Variable> BY_NAME =
      Map.ofEntries(
          entry("args", Request::args),
          entry("query_string", Request::args),
          entry("is_args", request -> request.args().isEmpty() ? "" : "?"),
          entry("host", Request::host),
          entry("document_uri", Request::uri),
          entry("uri", Request::uri),
          entry("request_uri", Request::target),
          entry("request_method", Request::method),
          entry("scheme", _ -> "http"),
          entry("remote_addr", request -> request.client().address()),
          entry("remote_port", request -> Integer.toString(request.client().port())),
          entry("server_addr", request -> request.client().ownAddress()),
          entry("server_port", request -> Integer.toString(request.client().ownPort())),
          entry("proxy_add_x_forwarded_for", BuiltIn::addForwardedFor));

  private BuiltIn() {}

  static @Nullable Variable find(String name) {
    Variable plain = BY_NAME.get(name);
    if (plain != null) {
      return plain;
    }
    if (name.length() == 1 && name.charAt(0) >= '1' && name.charAt(0) <= '9') {
      int group = name.charAt(0) - '0';
      return request -> request.group(group);
    }
    if (name.startsWith("http_")) {
      String header = name.substring(5).replace('_', '-').toLowerCase(Locale.ROOT);
      return request -> request.header(header);
    }
    return null;
  }

  private static String addForwardedFor(Request request) {
    String before = request.header("x-forwarded-for");
    String address = request.client().address();
    return before == null || before.isEmpty() ? address : before + ", " + address;
  }
}
