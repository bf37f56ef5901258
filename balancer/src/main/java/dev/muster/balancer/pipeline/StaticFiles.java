package dev.muster.balancer.pipeline;

import dev.muster.balancer.file.Conditions;
import dev.muster.balancer.file.Conditions.Part;
import dev.muster.balancer.file.FileTree;
import dev.muster.balancer.file.FileTree.Candidate;
import dev.muster.balancer.file.Found;
import dev.muster.balancer.http1.HttpDate;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Detour;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.response.Origins;
import dev.muster.balancer.variable.Template;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers with files (nginx's index and static modules).
final class StaticFiles implements Step {
  private static final Logger log = LoggerFactory.getLogger(StaticFiles.class);

  private final FileTree tree;

  StaticFiles(FileTree tree) {
    this.tree = tree;
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    String method = request.method();
    boolean isPost = method.equals("POST");
    if (!isPost && !method.equals("GET") && !method.equals("HEAD")) {
      return Answer.of(405, "only GET and HEAD are answered here");
    }
    String uri = request.uri();
    String path = tree.path(request, uri);
    if (path == null) {
      return Answer.of(404, "there is nothing at this path");
    }
    if (uri.endsWith("/")) {
      index(request, turn, uri, path);
    } else {
      // The head may be another's by the time the file is found.
      Conditions conditions = new Conditions(request);
      tree.open(
          path, turn.loop(), found -> turn.resume(answer(request, turn, found, conditions, path)));
    }
    return Verdict.WAIT;
  }

  private void index(Request request, Turn turn, String uri, String directory) {
    List<String> uris = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    for (Template each : tree.config().index()) {
      String name = each.text(request);
      if (name.startsWith("/")) {
        uris.add(name);
        candidates.add(new Candidate(directory, true));
      } else {
        uris.add(uri + name);
        candidates.add(new Candidate(tree.path(request, uri + name), false));
      }
    }
    candidates.add(new Candidate(directory, true));
    tree.first(
        candidates,
        turn.loop(),
        found -> {
          Verdict verdict;
          if (found == -2) {
            verdict = busy();
          } else if (found < 0) {
            verdict = Answer.of(404, "there is nothing at this path");
          } else if (found == uris.size()) {
            verdict = Answer.of(403, "directories are not listed");
          } else {
            verdict = new Verdict.Redirect(uris.get(found), request.args());
          }
          turn.resume(verdict);
        });
  }

  private Verdict answer(
      Request request, Turn turn, Found found, Conditions conditions, String path) {
    return switch (found) {
      case Found.File file -> send(request, turn, file, conditions);
      case Found.Directory _ -> slash(request);
      case Found.Nothing _ -> Answer.of(404, "there is nothing at this path");
      case Found.Forbidden _ -> {
        log.warn("{} may not be read by the balancer: check who owns it and its mode", path);
        yield Answer.of(403, "this file may not be read");
      }
      case Found.Broken(String why) -> {
        log.error("{} cannot be read: {}", path, why);
        yield Answer.of(500, "this file cannot be read");
      }
      case Found.Busy _ -> busy();
    };
  }

  private static Answer busy() {
    return Answer.of(503, "too many files are asked for");
  }

  private static Answer slash(Request request) {
    String where = Targets.encode(request.uri()) + "/";
    String args = request.args();
    return Answer.of(
        301,
        List.of(
            new Answer.Line(
                "Location",
                Targets.encodeUrl(
                    Origins.absolute(request, args.isEmpty() ? where : where + "?" + args)))),
        "directories end with a slash");
  }

  private Verdict send(Request request, Turn turn, Found.File file, Conditions conditions) {
    turn.atEnd(() -> close(file));
    if (request.method().equals("POST")) {
      return Answer.of(405, "only GET and HEAD are answered here");
    }
    String etag =
        tree.config().hasEtag()
            ? '"' + Long.toHexString(file.modified()) + '-' + Long.toHexString(file.length()) + '"'
            : "";
    List<Answer.Line> lines = new ArrayList<>();
    lines.add(new Answer.Line("Last-Modified", HttpDate.of(file.modified())));
    if (!etag.isEmpty()) {
      lines.add(new Answer.Line("ETag", etag));
    }
    String type = tree.type(request.uri());
    Detour detour = request.detour();
    // Of a page in the place of an error all is sent.
    if (detour != null && detour.status() != 0 && detour.status() != 200) {
      return new Verdict.SendFile(
          200, lines, type, file.modified(), file.channel(), 0, file.length());
    }
    int status = conditions.status(etag, file.modified(), tree.config().ifModifiedSince());
    if (status == 304) {
      return new Answer(304, lines, "", "");
    }
    if (status == 412) {
      return Answer.of(412, "this file is not the one that was meant");
    }
    Part part = conditions.part(etag, file.modified(), file.length());
    lines.add(new Answer.Line("Accept-Ranges", "bytes"));
    if (part == null) {
      return new Verdict.SendFile(
          200, lines, type, file.modified(), file.channel(), 0, file.length());
    }
    if (part.equals(Part.NONE)) {
      return Answer.of(
          416,
          List.of(new Answer.Line("Content-Range", "bytes */" + file.length())),
          "this file has no such part");
    }
    long last = part.start() + part.length() - 1;
    lines.add(
        new Answer.Line(
            "Content-Range", "bytes " + part.start() + "-" + last + "/" + file.length()));
    return new Verdict.SendFile(
        206, lines, type, file.modified(), file.channel(), part.start(), part.length());
  }

  private static void close(Found.File file) {
    try {
      file.channel().close();
    } catch (IOException e) {
      log.warn("a file cannot be closed: {}", e.toString());
    }
  }
}
