package dev.muster.balancer.chain;

import dev.muster.balancer.config.ChainConfig.Path;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.TargetPath;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Whether a path is what a route is for. Immutable.
sealed interface PathTest {
  boolean holds(Request request);

  static PathTest of(Path path) {
    return switch (path) {
      case Path.Exact(String text, boolean ignoresCase) ->
          new Literal(text.getBytes(StandardCharsets.UTF_8), ignoresCase, true);
      case Path.Prefix(String text, boolean ignoresCase) ->
          new Literal(text.getBytes(StandardCharsets.UTF_8), ignoresCase, false);
      case Path.Regex(String expression, boolean ignoresCase) ->
          new Expression(Pattern.compile(expression, ignoresCase ? Pattern.CASE_INSENSITIVE : 0));
    };
  }

  /// A path, or how it starts.
  final class Literal implements PathTest {
    private final byte[] octets;
    private final boolean ignoresCase;
    private final boolean isWhole;

    Literal(byte[] octets, boolean ignoresCase, boolean isWhole) {
      this.octets = octets;
      this.ignoresCase = ignoresCase;
      this.isWhole = isWhole;
    }

    @Override
    public boolean holds(Request request) {
      if (request.isRewritten()) {
        byte[] path = request.uri().getBytes(StandardCharsets.ISO_8859_1);
        return isAt(path, 0, path.length);
      }
      TargetPath path = request.head().path();
      return isAt(path.bytes(), path.start(), path.end());
    }

    private boolean isAt(byte[] path, int from, int to) {
      int length = to - from;
      if (isWhole ? length != octets.length : length < octets.length) {
        return false;
      }
      for (int i = 0; i < octets.length; i++) {
        byte octet = path[from + i];
        if (octet != octets[i]
            && !(ignoresCase && Octets.lower(octet) == Octets.lower(octets[i]))) {
          return false;
        }
      }
      return true;
    }
  }

  /// An expression that the whole path matches.
  record Expression(Pattern pattern) implements PathTest {
    @Override
    public boolean holds(Request request) {
      return pattern.matcher(request.uri()).matches();
    }
  }
}
