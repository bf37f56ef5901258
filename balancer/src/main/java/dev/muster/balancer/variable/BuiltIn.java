package dev.muster.balancer.variable;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The variables that every configuration has: whole names, families known by their start, and the
/// groups `$1` to `$9`.
final class BuiltIn {
  private static final Map<String, Variable> BY_NAME = byName();
  private static final Map<String, Function<String, Variable>> FAMILIES =
      Map.of(
          "http_", name -> RequestVariables.header(field(name)),
          "arg_", RequestVariables::argument,
          "cookie_", RequestVariables::cookie,
          "sent_http_", name -> AnswerVariables.sent(field(name)),
          "upstream_http_", name -> AnswerVariables.received(field(name)),
          "upstream_cookie_", AnswerVariables::receivedCookie,
          // Without TLS there is nothing to say.
          "ssl_", _ -> _ -> null);

  private BuiltIn() {}

  private static Map<String, Variable> byName() {
    Map<String, Variable> all = new HashMap<>();
    all.putAll(RequestVariables.TABLE);
    all.putAll(ConnectionVariables.TABLE);
    all.putAll(AnswerVariables.TABLE);
    all.putAll(ProcessVariables.TABLE);
    return Map.copyOf(all);
  }

  static @Nullable Variable find(String name) {
    Variable plain = BY_NAME.get(name);
    if (plain != null) {
      return plain;
    }
    if (name.length() == 1 && name.charAt(0) >= '1' && name.charAt(0) <= '9') {
      return new Group(name.charAt(0) - '0');
    }
    for (Map.Entry<String, Function<String, Variable>> family : FAMILIES.entrySet()) {
      String start = family.getKey();
      if (name.startsWith(start) && name.length() > start.length()) {
        return family.getValue().apply(name.substring(start.length()));
      }
    }
    return null;
  }

  private static String field(String name) {
    return name.replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
