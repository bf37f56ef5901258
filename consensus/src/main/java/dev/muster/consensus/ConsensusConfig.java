package dev.muster.consensus;

import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Settings of a [Consensus].
///
/// @param proposeTimeout how long a caller waits for its command (5 s)
/// @param barrierTimeout how long a caller waits for a barrier (5 s)
/// @param commandBytesMax largest command (1 MiB); a larger one is a programming error
/// @param queueCommandsMax commands that may wait before callers are turned away (16384)
/// @param queueBytesMax bytes of commands that may wait (64 MiB)
/// @param batching how commands become log entries
/// @param random where this start's proposer id comes from; two starts must not see the same
///     numbers, or one's commands pass for repeats of the other's (a [SecureRandom])
/// @param onFailure told once, on a thread of its own, if this server stopped by itself because it
///     could not go on safely; the process should end (logs an error)
public record ConsensusConfig(
    Duration proposeTimeout,
    Duration barrierTimeout,
    int commandBytesMax,
    int queueCommandsMax,
    long queueBytesMax,
    Batching batching,
    RandomGenerator random,
    Consumer<Throwable> onFailure) {

  /// How commands become log entries.
  ///
  /// @param commandsMax commands in one entry (256)
  /// @param bytesMax bytes of commands in one entry, unless a single one is larger (256 KiB)
  /// @param linger how long an entry waits for company while two or more are in flight (1 ms)
  /// @param entriesInFlightMax entries without an answer (8, at most 32)
  public record Batching(int commandsMax, int bytesMax, Duration linger, int entriesInFlightMax) {

    /// The defaults.
    public static Batching defaults() {
      return new Batching(256, 256 << 10, Duration.ofMillis(1), 8);
    }
  }

  private static final int ENTRIES_IN_FLIGHT_LIMIT = RepeatFilter.WINDOW / 2;

  public ConsensusConfig {
    List<String> problems = new ArrayList<>();
    require(problems, proposeTimeout.isPositive(), "proposeTimeout must be above 0");
    require(problems, barrierTimeout.isPositive(), "barrierTimeout must be above 0");
    require(problems, commandBytesMax > 0, "commandBytesMax must be above 0");
    require(problems, queueCommandsMax > 0, "queueCommandsMax must be above 0");
    require(
        problems, queueBytesMax >= commandBytesMax, "queueBytesMax must hold the largest command");
    require(problems, batching.commandsMax > 0, "batching.commandsMax must be above 0");
    require(problems, batching.bytesMax > 0, "batching.bytesMax must be above 0");
    require(problems, !batching.linger.isNegative(), "batching.linger must not be negative");
    require(
        problems,
        batching.entriesInFlightMax > 0 && batching.entriesInFlightMax <= ENTRIES_IN_FLIGHT_LIMIT,
        "batching.entriesInFlightMax must be 1 to " + ENTRIES_IN_FLIGHT_LIMIT);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /// The defaults.
  public static ConsensusConfig defaults() {
    return new ConsensusConfig(
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        1 << 20,
        1 << 14,
        64L << 20,
        Batching.defaults(),
        new SecureRandom(),
        cause ->
            System.getLogger(Consensus.class.getName())
                .log(Level.ERROR, "Consensus stopped: this server no longer takes part", cause));
  }

  /// The same with another failure listener.
  public ConsensusConfig withOnFailure(Consumer<Throwable> listener) {
    return new ConsensusConfig(
        proposeTimeout,
        barrierTimeout,
        commandBytesMax,
        queueCommandsMax,
        queueBytesMax,
        batching,
        random,
        listener);
  }

  /// The same with other timeouts for callers.
  public ConsensusConfig withTimeouts(Duration propose, Duration barrier) {
    return new ConsensusConfig(
        propose,
        barrier,
        commandBytesMax,
        queueCommandsMax,
        queueBytesMax,
        batching,
        random,
        onFailure);
  }

  /// The same with another bound on what waits.
  public ConsensusConfig withQueue(int commandsMax, long bytesMax) {
    return new ConsensusConfig(
        proposeTimeout,
        barrierTimeout,
        commandBytesMax,
        commandsMax,
        bytesMax,
        batching,
        random,
        onFailure);
  }

  /// The same with another batching.
  public ConsensusConfig withBatching(Batching other) {
    return new ConsensusConfig(
        proposeTimeout,
        barrierTimeout,
        commandBytesMax,
        queueCommandsMax,
        queueBytesMax,
        other,
        random,
        onFailure);
  }

  private static void require(List<String> problems, boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
