package dev.muster.balancer.chain;

import dev.muster.balancer.config.ChainConfig.HeaderMatch;
import dev.muster.balancer.config.ChainConfig.Match;
import dev.muster.balancer.config.ChainConfig.ParameterMatch;
import dev.muster.balancer.config.ChainConfig.Wanted;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.request.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether a request is what a route is for. Immutable. A test of path and method builds nothing;
/// a value of a header or parameter becomes a string only if a route asks for it.
final class RequestTest {
  private final PathTest path;
  private final byte[][] methods;
  private final HeaderMatch[] headers;
  private final TextTest[] headerTests;
  private final ParameterMatch[] parameters;
  private final TextTest[] parameterTests;

  private RequestTest(Match match) {
    this.path = PathTest.of(match.path());
    this.methods = match.methods().stream().map(Octets::ascii).toArray(byte[][]::new);
    this.headers = match.headers().toArray(HeaderMatch[]::new);
    this.headerTests = tests(match.headers().stream().map(HeaderMatch::wanted).toList());
    this.parameters = match.parameters().toArray(ParameterMatch[]::new);
    this.parameterTests = tests(match.parameters().stream().map(ParameterMatch::wanted).toList());
  }

  static RequestTest of(Match match) {
    return new RequestTest(match);
  }

  private static TextTest[] tests(List<Wanted> wanted) {
    return wanted.stream().map(TextTest::of).toArray(TextTest[]::new);
  }

  boolean holds(Request request) {
    return path.holds(request)
        && (methods.length == 0 || hasMethod(request.head()))
        && haveHeaders(request)
        && haveParameters(request);
  }

  private boolean hasMethod(RequestHead head) {
    for (byte[] method : methods) {
      if (head.methodLength() == method.length && isAt(head, method)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(RequestHead head, byte[] method) {
    for (int i = 0; i < method.length; i++) {
      if (head.bytes()[head.methodStart() + i] != method[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean haveHeaders(Request request) {
    for (int i = 0; i < headers.length; i++) {
      String value = request.header(headers[i].name());
      if (headerTests[i].holds(value) == headers[i].isNegated()) {
        return false;
      }
    }
    return true;
  }

  private boolean haveParameters(Request request) {
    for (int i = 0; i < parameters.length; i++) {
      if (!parameterTests[i].holds(parameter(request.args(), parameters[i].name()))) {
        return false;
      }
    }
    return true;
  }

  /// The first value of a parameter as it was sent; null without any.
  static @Nullable String parameter(String query, String name) {
    int from = 0;
    while (from < query.length()) {
      int end = query.indexOf('&', from);
      end = end < 0 ? query.length() : end;
      if (query.startsWith(name, from)) {
        int after = from + name.length();
        if (after == end) {
          return "";
        }
        if (after < end && query.charAt(after) == '=') {
          return query.substring(after + 1, end);
        }
      }
      from = end + 1;
    }
    return null;
  }
}
