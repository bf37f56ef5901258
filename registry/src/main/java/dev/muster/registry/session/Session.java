package dev.muster.registry.session;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What holds locks. It ends when it is destroyed, when nobody renews it in time, when its node is
/// removed, or when one of its checks is critical or removed; then its keys are freed.
///
/// @param id a UUID in lower case
/// @param modifyIndex the same as `createIndex`: a session never changes
public record Session(String id, Definition definition, long createIndex, long modifyIndex) {
  /// A longer lock-delay counts as this much.
  public static final Duration LOCK_DELAY_MAX = Duration.ofSeconds(60);

  /// What its creator says of a session.
  ///
  /// @param name empty if it has none
  /// @param lockDelay for how long nobody can lock a key that it held when it ended
  /// @param ttl null if it need not be renewed
  /// @param nodeChecks ids of checks on its node
  /// @param serviceChecks ids of checks of services on its node
  public record Definition(
      String name,
      String node,
      Duration lockDelay,
      Behavior behavior,
      @Nullable Ttl ttl,
      List<String> nodeChecks,
      List<String> serviceChecks) {
    public Definition {
      nodeChecks = List.copyOf(nodeChecks);
      serviceChecks = List.copyOf(serviceChecks);
    }
  }

  /// What becomes of the keys of a session that ends.
  public enum Behavior {
    RELEASE,
    DELETE;

    /// The word Consul uses.
    public String word() {
      return switch (this) {
        case RELEASE -> "release";
        case DELETE -> "delete";
      };
    }
  }

  /// The time within which a session is to be renewed.
  ///
  /// @param written as its creator wrote it, which it gets to read again
  public record Ttl(String written, Duration duration) {}

  /// The ids of all checks that it hangs on.
  public List<String> checks() {
    return Stream.concat(definition.nodeChecks().stream(), definition.serviceChecks().stream())
        .distinct()
        .toList();
  }

  Session at(long index) {
    return new Session(id, definition, index, index);
  }
}
