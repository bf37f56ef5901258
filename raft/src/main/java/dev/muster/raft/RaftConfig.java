package dev.muster.raft;

import dev.muster.consensus.Peer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Settings of a [RatisEngine].
///
/// @param folder where everything is kept; no other process may use it
/// @param name what people call this server; the first part of its peer id (`server`)
/// @param host the only address on which members are listened to (`127.0.0.1`)
/// @param port TCP port there; 0 takes a free one, also at each restart, which only a group of one
///     can bear (0)
/// @param founders the members of a group that is about to be founded, this one included; empty for
///     a group of one. Ignored once the folder belongs to a group (empty)
/// @param elections when a silent leader is replaced
/// @param snapshots when the log is replaced by a snapshot
/// @param random where the id of a new folder comes from (a [SecureRandom])
public record RaftConfig(
    Path folder,
    String name,
    String host,
    int port,
    List<Peer> founders,
    Elections elections,
    Snapshots snapshots,
    RandomGenerator random) {

  /// When a silent leader is replaced. Each server draws its patience from these ranges.
  ///
  /// @param timeoutMin shortest patience (300 ms); a leader speaks every half of it
  /// @param timeoutMax longest patience (600 ms)
  /// @param startTimeout how long the start of a group of one may take until it leads (30 s)
  public record Elections(Duration timeoutMin, Duration timeoutMax, Duration startTimeout) {

    /// The defaults.
    public static Elections defaults() {
      return new Elections(Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofSeconds(30));
    }
  }

  /// When the log is replaced by a snapshot.
  ///
  /// @param logBytes bytes of entries after which one is taken (64 MiB: 1.2 s of replay)
  /// @param closeBytes bytes of entries for which one is taken at shut-down (1 MiB)
  /// @param segmentBytes size of a log file, the unit in which the log is forgotten (8 MiB)
  /// @param entriesKept entries kept behind a snapshot for members that are a little late (256)
  public record Snapshots(long logBytes, long closeBytes, long segmentBytes, long entriesKept) {

    /// The defaults.
    public static Snapshots defaults() {
      return new Snapshots(64L << 20, 1L << 20, 8L << 20, 256);
    }
  }

  public RaftConfig {
    founders = List.copyOf(founders);
    List<String> problems = new ArrayList<>();
    require(problems, name.matches("[A-Za-z0-9._-]{1,63}"), "name must be 1 to 63 of A-Za-z0-9._-");
    require(problems, !host.isBlank(), "host must not be blank");
    require(problems, port >= 0 && port < 1 << 16, "port must be 0 to 65535");
    require(problems, port > 0 || founders.size() <= 1, "port must be given for more than one");
    require(problems, elections.timeoutMin.isPositive(), "elections.timeoutMin must be above 0");
    require(
        problems,
        elections.timeoutMax.compareTo(elections.timeoutMin) > 0,
        "elections.timeoutMax must be above elections.timeoutMin");
    require(problems, snapshots.logBytes > 0, "snapshots.logBytes must be above 0");
    require(problems, snapshots.closeBytes >= 0, "snapshots.closeBytes must not be negative");
    require(
        problems,
        snapshots.segmentBytes >= 1 << 12 && snapshots.segmentBytes <= 1 << 30,
        "snapshots.segmentBytes must be 4 KiB to 1 GiB");
    require(problems, snapshots.entriesKept >= 0, "snapshots.entriesKept must not be negative");
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /// The defaults: a group of one on a free port of the loopback address.
  public static RaftConfig in(Path folder) {
    return new RaftConfig(
        folder,
        "server",
        "127.0.0.1",
        0,
        List.of(),
        Elections.defaults(),
        Snapshots.defaults(),
        new SecureRandom());
  }

  /// The same under another name.
  public RaftConfig withName(String other) {
    return new RaftConfig(folder, other, host, port, founders, elections, snapshots, random);
  }

  /// The same on another address.
  public RaftConfig withAddress(String otherHost, int otherPort) {
    return new RaftConfig(
        folder, name, otherHost, otherPort, founders, elections, snapshots, random);
  }

  /// The same with these founders.
  public RaftConfig withFounders(List<Peer> others) {
    return new RaftConfig(folder, name, host, port, others, elections, snapshots, random);
  }

  /// The same with another snapshot policy.
  public RaftConfig withSnapshots(Snapshots others) {
    return new RaftConfig(folder, name, host, port, founders, elections, others, random);
  }

  /// The same with another patience.
  public RaftConfig withElections(Elections others) {
    return new RaftConfig(folder, name, host, port, founders, others, snapshots, random);
  }

  private static void require(List<String> problems, boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
