package dev.muster.balancer.pipeline;

import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Site;
import java.util.List;

/// Answers that send clients elsewhere.
public final class Redirects {
  private static final int HTTP_PORT = 80;

  private Redirects() {}

  /// To a URL, or to a path that becomes one as the virtual server wants it. What would end the
  /// header line is encoded.
  static Answer to(int status, String where, Request request) {
    String url = Targets.encodeUrl(where.startsWith("/") ? absolute(where, request) : where);
    List<Answer.Line> lines = url.isEmpty() ? List.of() : List.of(new Answer.Line("Location", url));
    return new Answer(status, lines, "text/plain", "moved to " + url + "\n");
  }

  private static String absolute(String path, Request request) {
    Site site = request.site();
    if (!site.redirectsAbsolutely()) {
      return path;
    }
    String host = site.redirectsByName() ? site.name() : request.host();
    int port = request.peer().ownPort();
    boolean hasPort = site.redirectsWithPort() && port != HTTP_PORT;
    return "http://" + host + (hasPort ? ":" + port : "") + path;
  }

  /// To the same path with a slash at its end.
  public static Step toFolder() {
    return (request, _) -> {
      String path = Targets.encode(request.uri()) + "/";
      String args = request.args();
      return to(301, args.isEmpty() ? path : path + "?" + args, request);
    };
  }
}
