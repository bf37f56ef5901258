package dev.muster.consensus;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The entries that this server proposed and that wait for their fate. An entry ends by whichever
/// comes first: applied here, which gives its callers their replies; refused or in doubt, says the
/// engine; or everything stops.
///
/// Safe for all threads.
final class EntriesInFlight<R> {

  private record Entry<R>(List<Proposal<R>> proposals, CompletableFuture<Submission> fate) {}

  private final UUID proposer;
  private final Engine engine;
  private final AtomicLong sequence = new AtomicLong();
  private final Map<Long, Entry<R>> entries = new ConcurrentHashMap<>();
  private volatile Optional<String> stopped = Optional.empty();

  EntriesInFlight(UUID proposer, Engine engine) {
    this.proposer = proposer;
    this.engine = engine;
  }

  /// Sends an entry and returns what becomes of it, where [Submission.Committed] means applied
  /// here as well.
  CompletableFuture<Submission> send(List<Proposal<R>> proposals) {
    long number = sequence.incrementAndGet();
    var entry = new Entry<>(proposals, new CompletableFuture<Submission>());
    entries.put(number, entry);
    stopped.ifPresent(reason -> end(number, new Submission.Unknown(reason)));
    if (!entry.fate.isDone()) {
      var commands = proposals.stream().map(Proposal::command).toList();
      engine.submit(
          new Envelope(proposer, number, commands).encode(), answer -> answered(number, answer));
    }
    return entry.fate;
  }

  private void answered(long number, Submission answer) {
    switch (answer) {
      case Submission.Committed _ -> {} // ends when it is applied
      case Submission.NotLeader _, Submission.Overloaded _, Submission.Unknown _ ->
          end(number, answer);
    }
  }

  boolean isOwn(Envelope envelope) {
    return envelope.proposer().equals(proposer);
  }

  /// An own entry has been applied.
  void applied(long number, List<R> replies) {
    Entry<R> entry = entries.remove(number);
    if (entry == null) {
      return; // its callers were told that its fate is unknown
    }
    for (int i = 0; i < replies.size(); i++) {
      entry.proposals.get(i).complete(new Outcome.Applied<>(replies.get(i)));
    }
    entry.fate.complete(new Submission.Committed());
  }

  /// An own entry was not applied because the filter took it for a repeat.
  void skipped(long number) {
    end(number, new Submission.Unknown("overtaken by later commands"));
  }

  /// Ends all entries, and all that come later.
  void stop(String reason) {
    stopped = Optional.of(reason);
    for (Long number : entries.keySet()) {
      end(number, new Submission.Unknown(reason));
    }
  }

  private void end(long number, Submission answer) {
    Entry<R> entry = entries.remove(number);
    if (entry != null) {
      Outcome<R> outcome = outcome(answer);
      entry.proposals.forEach(proposal -> proposal.complete(outcome));
      entry.fate.complete(answer);
    }
  }

  private static <R> Outcome<R> outcome(Submission answer) {
    return switch (answer) {
      case Submission.Committed _ -> throw new IllegalStateException("applied, not ended");
      case Submission.NotLeader(Optional<Peer> leader) -> new Outcome.NotLeader<>(leader);
      case Submission.Overloaded _ -> new Outcome.Overloaded<>();
      case Submission.Unknown(String reason) -> new Outcome.Unknown<>(reason);
    };
  }
}
