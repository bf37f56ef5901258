package dev.muster.balancer.proxy;

import dev.muster.balancer.config.ResponseConfig.ErrorPage;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Turn;
import dev.muster.balancer.pipeline.Verdict;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Detour;
import dev.muster.balancer.request.PatternTooCostly;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.response.ResponseRules;
import dev.muster.balancer.route.VirtualServer;
import dev.muster.balancer.upstream.Cluster;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request's way through a virtual server: its own steps, the location, the location's steps, and
/// what answers in the end. Belongs to the client's loop.
final class Serving implements Turn {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);
  private static final int SEARCHES_MAX = 10;
  private static final int NO_ANSWER = 444;

  private final ClientConnection client;
  private final EventLoop loop;
  private final VirtualServer server;
  private final Request request;
  private final List<Runnable> endings = new ArrayList<>(2);
  private Location location;
  private boolean isLocated;
  private boolean isWaiting;
  private boolean isOver;
  private int step;
  private int searches;

  Serving(ClientConnection client, EventLoop loop, VirtualServer server, Request request) {
    this.client = client;
    this.loop = loop;
    this.server = server;
    this.request = request;
    this.location = server.root();
  }

  Location location() {
    return location;
  }

  Request request() {
    return request;
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public void atEnd(Runnable action) {
    if (isOver) {
      action.run();
    } else {
      endings.add(action);
    }
  }

  /// The request is over.
  void end() {
    isOver = true;
    endings.forEach(Runnable::run);
    endings.clear();
  }

  @Override
  public void resume(Verdict verdict) {
    if (isWaiting && !isOver) {
      isWaiting = false;
      client.worker.mark();
      if (follow(verdict)) {
        run();
      }
      client.decided();
    }
  }

  /// Goes on until it is decided what happens, or a step waits.
  void run() {
    try {
      goOn();
    } catch (PatternTooCostly e) {
      log.warn("a request is answered 500: {}", e.getMessage());
      answer(Answer.of(500, "a regular expression takes too long on this request"));
    }
  }

  private void goOn() {
    boolean goesOn = true;
    while (goesOn) {
      // Of a server's own steps only the rewriting is for every request.
      if (step < (isLocated ? location.stepCount() : location.rewriteCount())) {
        goesOn = follow(location.step(step++).run(request, this));
      } else if (!isLocated) {
        goesOn = locate();
      } else {
        Cluster cluster = location.cluster();
        goesOn =
            cluster == null
                ? answer(Answer.of(404, "there is nothing at this path"))
                : forward(cluster);
      }
    }
  }

  private boolean forward(Cluster cluster) {
    if (!client.body.limit(location.config().client().body().bytesMax())) {
      return answer(Answer.of(413, "the request body is too large"));
    }
    if (client.body.isLostTo(request)) {
      int told = Answers.told(request, 502);
      String why = "the body of the request cannot be sent once more";
      client.answer(request, location, Answer.of(told, why));
    } else {
      client.forward(request, location, cluster);
    }
    return false;
  }

  private boolean locate() {
    isLocated = true;
    Location found = server.locations().find(request);
    if (found != null) {
      enter(found);
    }
    return !location.config().isInternal()
        || request.isInternal()
        || answer(Answer.of(404, "there is nothing at this path"));
  }

  private void enter(Location next) {
    location = next;
    step = 0;
  }

  /// Returns whether the next step follows.
  private boolean follow(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Next _ -> true;
      case Verdict.Wait _ -> {
        isWaiting = true;
        request.keepHead();
        yield false;
      }
      case Verdict.Search _ -> searchAgain();
      case Verdict.In(Location next) -> {
        enter(next);
        yield true;
      }
      case Verdict.Named(String name) -> enterNamed(name);
      case Verdict.To(Cluster cluster) -> forward(cluster);
      case Verdict.HangUp _ -> {
        request.outcome().answered(NO_ANSWER);
        client.close();
        yield false;
      }
      case Verdict.Redirect(String uri, String args) -> redirect(uri, args);
      case Verdict.SendFile file -> {
        client.send(request, location, file);
        yield false;
      }
      case Answer answer -> answer(answer);
    };
  }

  // While the server's own steps run, there is no location to look for yet.
  private boolean searchAgain() {
    if (!isLocated) {
      return true;
    }
    if (++searches > SEARCHES_MAX) {
      return giveUp("the rewrites of this path go round in circles");
    }
    location = server.root();
    step = location.rewriteCount();
    isLocated = false;
    return true;
  }

  private boolean enterNamed(String name) {
    @Nullable Location found = server.locations().named(name);
    if (found == null || ++searches > SEARCHES_MAX) {
      return giveUp("there is no location " + name);
    }
    isLocated = true;
    enter(found);
    return true;
  }

  private boolean redirect(String uri, String args) {
    if (++searches > SEARCHES_MAX) {
      return giveUp("the redirects of this path go round in circles");
    }
    request.rewrite(uri, args);
    isLocated = false;
    enter(server.root());
    return true;
  }

  private boolean giveUp(String why) {
    client.answer(request, location, Answer.of(500, why));
    return false;
  }

  /// Whether something else is served in the place of an answer.
  boolean hasPage(Answer answer) {
    return pageFor(answer) != null;
  }

  private @Nullable ErrorPage pageFor(Answer answer) {
    ResponseRules rules = location.rules();
    return rules == null || !answer.isReplaceable()
        ? null
        : rules.pageFor(answer.status(), request);
  }

  /// The instance has no answer for the client: this one, or a page in its place, follows.
  void instead(Answer answer) {
    if (answer(answer)) {
      run();
    }
    client.decided();
  }

  /// The instance sends the request elsewhere (`X-Accel-Redirect`).
  void goTo(String target) {
    request.redirected();
    if (divert(target)) {
      run();
    }
    client.decided();
  }

  /// Returns whether the next step follows.
  private boolean answer(Answer answer) {
    ErrorPage page = pageFor(answer);
    if (page == null) {
      client.answer(request, location, answer);
      return false;
    }
    String target = page.target().text(request);
    if (!target.startsWith("/") && !target.startsWith("@")) {
      int status = isRedirect(page.answer()) ? page.answer() : 302;
      Answer.Line where = new Answer.Line("Location", target);
      client.answer(request, location, Answer.of(status, List.of(where), "moved"));
      return false;
    }
    Detour detour = request.redirected();
    detour.tell(page.answer() == ErrorPage.KEPT ? answer.status() : page.answer());
    ResponseRules rules = location.rules();
    if (rules != null && !rules.isRecursive()) {
      detour.leadsToErrorPage();
    }
    return divert(target);
  }

  private static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /// To a location of that name as it is, to a path by GET.
  private boolean divert(String target) {
    if (target.startsWith("@")) {
      return enterNamed(target);
    }
    if (!request.method().equals("HEAD")) {
      request.redirected().becomeGet();
    }
    client.dropBody();
    int mark = target.indexOf('?');
    return mark < 0
        ? redirect(target, "")
        : redirect(target.substring(0, mark), target.substring(mark + 1));
  }
}
