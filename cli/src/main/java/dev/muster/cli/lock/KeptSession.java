package dev.muster.cli.lock;

import dev.muster.cli.command.Answer;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.GoDuration;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A session that is renewed by a thread of its own until it is closed.
final class KeptSession implements AutoCloseable {
  private static final long RETRY_MILLIS_MAX = 1000;

  private final ApiClient api;
  private final String id;
  private final Times times;
  private final CountDownLatch closed = new CountDownLatch(1);

  private KeptSession(ApiClient api, String id, Times times) {
    this.api = api;
    this.id = id;
    this.times = times;
  }

  /// Creates one and begins to renew it.
  ///
  /// @param behavior what becomes of its keys at its end: `release` or `delete`
  /// @param whenGone called, once, if the servers say that it is no more
  static KeptSession create(
      ApiClient api, String name, String behavior, Times times, Runnable whenGone) {
    ObjectNode form = JsonMapper.shared().createObjectNode();
    form.put("Name", name);
    form.put("TTL", GoDuration.print(times.sessionTtl()));
    form.put("Behavior", behavior);
    Answer answer =
        api.put(Endpoint.of("session/create"), JsonMapper.shared().writeValueAsBytes(form))
            .orFail("creating the session");
    var session = new KeptSession(api, answer.json().path("ID").asString(), times);
    Thread.ofVirtual().start(() -> session.renew(whenGone));
    return session;
  }

  String id() {
    return id;
  }

  private void renew(Runnable whenGone) {
    Duration next = times.sessionTtl().dividedBy(2);
    try {
      while (!closed.await(next.toNanos(), TimeUnit.NANOSECONDS)) {
        next = times.sessionTtl().dividedBy(2);
        try {
          Answer answer = api.put(Endpoint.of("session/renew", id));
          if (answer.status() == 404) {
            whenGone.run();
            return;
          }
          if (!answer.isOk()) {
            next = soon();
          }
        } catch (CommandFailed e) {
          next = soon(); // nobody answered; whether the lock is lost is found out by its watcher
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration soon() {
    return Duration.ofMillis(Math.min(RETRY_MILLIS_MAX, times.sessionTtl().toMillis() / 8));
  }

  /// Ends it, so that its keys are free at once and not after its TTL.
  ///
  /// @throws CommandFailed if there is no answer
  @Override
  public void close() {
    closed.countDown();
    api.put(Endpoint.of("session/destroy", id)).orFail("destroying the session");
  }
}
