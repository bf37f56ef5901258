package dev.muster.balancer.proxy;

import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Turn;
import dev.muster.balancer.pipeline.Verdict;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.PatternTooCostly;
import dev.muster.balancer.request.Request;
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
      if (step < location.stepCount()) {
        goesOn = follow(location.step(step++).run(request, this));
      } else if (!isLocated) {
        locate();
      } else {
        goesOn = false;
        Cluster cluster = location.cluster();
        if (cluster != null) {
          client.forward(request, location, cluster);
        } else {
          answer(Answer.of(404, "there is nothing at this path"));
        }
      }
    }
  }

  private void locate() {
    isLocated = true;
    Location found = server.locations().find(request);
    if (found != null) {
      enter(found);
    }
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
      case Verdict.To(Cluster cluster) -> {
        client.forward(request, location, cluster);
        yield false;
      }
      case Verdict.HangUp _ -> {
        request.outcome().answered(NO_ANSWER);
        client.close();
        yield false;
      }
      case Answer answer -> {
        answer(answer);
        yield false;
      }
    };
  }

  // While the server's own steps run, there is no location to look for yet.
  private boolean searchAgain() {
    if (!isLocated) {
      return true;
    }
    if (++searches > SEARCHES_MAX) {
      answer(Answer.of(500, "the rewrites of this path go round in circles"));
      return false;
    }
    location = server.root();
    step = location.stepCount();
    isLocated = false;
    return true;
  }

  private boolean enterNamed(String name) {
    @Nullable Location found = server.locations().named(name);
    if (found == null || ++searches > SEARCHES_MAX) {
      answer(Answer.of(500, "there is no location " + name));
      return false;
    }
    isLocated = true;
    enter(found);
    return true;
  }

  private void answer(Answer answer) {
    client.answer(request, location, answer);
  }
}
