package dev.muster.balancer.pipeline;

import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.response.Origins;
import java.util.List;

/// Answers that send clients elsewhere.
public final class Redirects {
  private Redirects() {}

  /// To a URL, or to a path that becomes one as the virtual server wants it. What would end the
  /// header line is encoded.
  static Answer to(int status, String where, Request request) {
    String url = Targets.encodeUrl(Origins.absolute(request, where));
    List<Answer.Line> lines = url.isEmpty() ? List.of() : List.of(new Answer.Line("Location", url));
    return new Answer(status, lines, "text/plain", "moved to " + url + "\n");
  }

  /// To the same path with a slash at its end.
  public static Step toFolder() {
    return new Step() {
      @Override
      public boolean isRepeatable() {
        return true;
      }

      @Override
      public Verdict run(Request request, Turn turn) {
        String path = Targets.encode(request.uri()) + "/";
        String args = request.args();
        return to(301, args.isEmpty() ? path : path + "?" + args, request);
      }
    };
  }
}
