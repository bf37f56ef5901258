package dev.muster.balancer.pipeline;

import dev.muster.balancer.observe.Counters;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import java.util.List;

/// Answers with the balancer's numbers as nginx writes them (`stub_status`). Who reads, is answered
/// and waits is as of the last tick of each loop.
final class StubStatus implements Step {
  private final Counters counters;

  StubStatus(Counters counters) {
    this.counters = counters;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    String method = request.method();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.of(405, "only GET and HEAD are answered here");
    }
    long accepted = counters.accepted().sum();
    long active = counters.connections().sum();
    long reading = counters.reading().sum();
    long waiting = counters.waiting().sum();
    String text =
        "Active connections: "
            + active
            + " \nserver accepts handled requests\n "
            + accepted
            + " "
            + accepted
            + " "
            + counters.requests().sum()
            + " \nReading: "
            + reading
            + " Writing: "
            + Math.max(0, active - reading - waiting)
            + " Waiting: "
            + waiting
            + " \n";
    return new Answer(200, List.of(), "text/plain", text);
  }
}
