package dev.muster.balancer.pipeline;

import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.variable.Template;
import java.util.function.Function;

/// Finds out whom a request goes to where a location computes it (`proxy_pass` with variables).
public final class Naming implements Step {
  private static final String SCHEME = "http://";

  private final Template url;
  private final Function<String, Cluster> clusters;

  /// @param url with or without `http://`, then a name and perhaps a URI that takes the place of
  ///     the request's own
  public Naming(Template url, Function<String, Cluster> clusters) {
    this.url = url;
    this.clusters = clusters;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    String text = url.text(request);
    String rest = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
    int slash = rest.indexOf('/');
    String name = slash < 0 ? rest : rest.substring(0, slash);
    if (name.isEmpty() || name.contains("@") || name.contains(" ")) {
      return Answer.of(500, "proxy_pass " + url + " names nobody for this request");
    }
    request.passOn(name);
    if (slash >= 0) {
      request.sendTo(rest.substring(slash));
    }
    return new Verdict.To(clusters.apply(name));
  }
}
