package dev.muster.balancer.pipeline;

import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import io.netty.channel.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `satisfy any`: the first check that lets a request pass is enough.
final class AnyOf implements Step {
  private final List<Check> checks;

  AnyOf(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    return request.isSubrequest() ? Verdict.NEXT : new Attempt(request, turn).go();
  }

  /// One request's way through the checks; stands between it and a check that waits.
  private final class Attempt implements Turn {
    private final Request request;
    private final Turn turn;
    private @Nullable Answer refusal;
    private int next;

    Attempt(Request request, Turn turn) {
      this.request = request;
      this.turn = turn;
    }

    Verdict go() {
      while (next < checks.size()) {
        Check check = checks.get(next++);
        if (check.concerns(request)) {
          Verdict verdict = check.run(request, this);
          if (!isRefusal(verdict)) {
            return verdict;
          }
        }
      }
      Answer last = refusal;
      return last == null ? Verdict.NEXT : last;
    }

    // A client that could still bring a password is told so.
    private boolean isRefusal(Verdict verdict) {
      if (!(verdict instanceof Answer answer)
          || (answer.status() != 401 && answer.status() != 403)) {
        return false;
      }
      Answer before = refusal;
      if (before == null || before.status() != 401) {
        refusal = answer;
      }
      return true;
    }

    @Override
    public void resume(Verdict verdict) {
      Verdict then = isRefusal(verdict) ? go() : verdict;
      if (!(then instanceof Verdict.Wait)) {
        turn.resume(then);
      }
    }

    @Override
    public EventLoop loop() {
      return turn.loop();
    }

    @Override
    public void atEnd(Runnable action) {
      turn.atEnd(action);
    }
  }
}
