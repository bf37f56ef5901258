package dev.muster.consul.config;

import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.tree.Found;
import java.util.List;

/// `/v1/connect/intentions`: who may call whom in a service mesh. There is none here, so the list
/// is empty, and nothing can be put on it that would then not be obeyed.
public final class IntentionEndpoints {
  private static final String NO_MESH = "there is no service mesh here that would obey intentions";

  private final Reads reads;
  private final Answers answers;

  public IntentionEndpoints(Reads reads, Answers answers) {
    this.reads = reads;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/connect/intentions", this::list, "always empty: " + NO_MESH);
    routes.add("POST", "/v1/connect/intentions", IntentionEndpoints::refuse, "refused: " + NO_MESH);
  }

  private Response list(Request request, String rest) throws InterruptedException {
    Found<List<String>> none =
        reads.read(request, (_, _) -> new Found<>(List.<String>of(), 1, false));
    return reads.withIndex(answers.array(request, none.value(), (_, _) -> {}), none);
  }

  private static Response refuse(Request request, String rest) {
    throw new Refusal(400, "Intentions cannot be made: " + NO_MESH);
  }
}
