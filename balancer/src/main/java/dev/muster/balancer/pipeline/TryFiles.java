package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.FilesConfig.Last;
import dev.muster.balancer.config.FilesConfig.Tries;
import dev.muster.balancer.file.FileTree;
import dev.muster.balancer.file.FileTree.Candidate;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.Template;
import java.util.ArrayList;
import java.util.List;

/// Looks for files and goes on with the first that is there (`try_files`).
final class TryFiles implements Step {
  private final FileTree tree;
  private final Tries tries;

  TryFiles(FileTree tree, Tries tries) {
    this.tree = tree;
    this.tries = tries;
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    List<String> uris = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    for (Template each : tries.files()) {
      String uri = each.text(request);
      boolean isDirectory = uri.endsWith("/");
      uris.add(uri);
      candidates.add(new Candidate(tree.path(request, uri), isDirectory));
    }
    tree.first(
        candidates,
        turn.loop(),
        found -> {
          if (found == -2) {
            turn.resume(Answer.of(503, "too many files are asked for"));
          } else if (found < 0) {
            turn.resume(last(request));
          } else {
            // What was asked for already is passed on as it was sent.
            if (!uris.get(found).equals(request.uri())) {
              request.rewrite(uris.get(found), request.args());
            }
            turn.resume(Verdict.NEXT);
          }
        });
    return Verdict.WAIT;
  }

  private Verdict last(Request request) {
    return switch (tries.last()) {
      case Last.Status(int status) -> Answer.of(status, "there is nothing at this path");
      case Last.Redirect(Template target) -> to(target.text(request));
    };
  }

  private static Verdict to(String target) {
    if (target.startsWith("@")) {
      return new Verdict.Named(target);
    }
    int mark = target.indexOf('?');
    return mark < 0
        ? new Verdict.Redirect(target, "")
        : new Verdict.Redirect(target.substring(0, mark), target.substring(mark + 1));
  }
}
