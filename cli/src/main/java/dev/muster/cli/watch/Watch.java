package dev.muster.cli.watch;

import dev.muster.cli.command.Answer;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.GoDuration;
import dev.muster.cli.command.Terminal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// Asks again and again for what has changed, and tells a handler.
final class Watch {
  private static final Duration WAIT = Duration.ofMinutes(5);

  /// The answer comes up to a sixteenth later than asked for.
  private static final Duration WITHIN = WAIT.plus(WAIT.dividedBy(16)).plusSeconds(15);

  private static final long RETRY_SECONDS = 5;
  private static final long RETRY_SECONDS_MAX = 180;

  private final Terminal terminal;
  private final ApiClient api;
  private final Subject subject;
  private final String name;

  Watch(Terminal terminal, ApiClient api, Subject subject, String name) {
    this.terminal = terminal;
    this.api = api;
    this.subject = subject;
    this.name = name;
  }

  /// Is told of each change.
  interface Handler {
    /// Tells it; the next change waits until it is done.
    ///
    /// @return the exit code if that was all
    OptionalInt handle(long index, JsonNode state) throws InterruptedException;
  }

  /// Runs until the handler has had enough.
  ///
  /// @return the exit code
  int run(Handler handler) throws InterruptedException {
    long index = 0;
    long failures = 0;
    Optional<JsonNode> last = Optional.empty();
    while (true) {
      Answer answer;
      JsonNode state;
      try {
        answer = ask(index);
        state = subject.view(answer, index);
        failures = 0;
      } catch (CommandFailed e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        failures++;
        index = 0;
        pause(e, failures);
        continue;
      }
      boolean isNews = answer.index() != index || answer.index() == 0;
      index = next(index, answer.index());
      if (isNews && !last.equals(Optional.of(state))) {
        last = Optional.of(state);
        OptionalInt code = handler.handle(answer.index(), state);
        if (code.isPresent()) {
          return code.getAsInt();
        }
      }
    }
  }

  private Answer ask(long index) {
    Endpoint endpoint = subject.endpoint();
    if (index == 0) {
      return api.get(endpoint);
    }
    return api.get(
        endpoint.with("index", Long.toUnsignedString(index)).with("wait", GoDuration.print(WAIT)),
        WITHIN);
  }

  /// An index that goes back means another history: start anew. Events' indexes go anywhere.
  private long next(long before, long now) {
    if (subject instanceof Subject.Events) {
      return now;
    }
    return Long.compareUnsigned(now, before) < 0 ? 0 : now;
  }

  private void pause(CommandFailed failure, long failures) throws InterruptedException {
    long seconds = Math.min(RETRY_SECONDS_MAX, RETRY_SECONDS * failures * failures);
    terminal.err().printf("%s errored: %s; retry in %ds%n", name, failure.report(), seconds);
    boolean isOver = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    if (isOver) {
      throw new IllegalStateException("nobody counts this down");
    }
  }
}
