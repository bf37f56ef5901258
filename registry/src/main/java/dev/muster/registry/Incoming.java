package dev.muster.registry;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The parts that have come so far of a state that is to take the present one's place. They are
/// part of the state, so that a server that starts in between has them, too. Immutable.
///
/// @param id of the restore that they belong to; empty: none is under way
/// @param parts in order; never altered
/// @param index of the command that brought the last of them
record Incoming(String id, List<byte[]> parts, long index) {
  /// Compressed bytes of a state that can be restored.
  static final int BYTES_MAX = 128 << 20;

  /// Bytes of a state that can be restored, once it is unpacked: the same on every server.
  static final long UNPACKED_BYTES_MAX = 1L << 30;

  /// So many commands without a further part, and nobody is going to send one any more.
  static final long IDLE_COMMANDS_MAX = 10_000;

  static final Incoming NONE = new Incoming("", List.of(), 0);

  /// What is left of it when the command at that index comes.
  Incoming at(long now) {
    return parts.isEmpty() || now - index <= IDLE_COMMANDS_MAX ? this : NONE;
  }

  /// The same with the part; empty if that is not the next one, or one too many. The first part of
  /// another restore drops what came of the last one.
  Optional<Incoming> with(String restore, int number, byte[] part, long now) {
    boolean isFirst = number == 0;
    if (!isFirst && (!restore.equals(id) || number != parts.size())) {
      return Optional.empty();
    }
    List<byte[]> more = isFirst ? new ArrayList<>() : new ArrayList<>(parts);
    more.add(part);
    long bytes = more.stream().mapToLong(each -> each.length).sum();
    return bytes > BYTES_MAX
        ? Optional.empty()
        : Optional.of(new Incoming(restore, Collections.unmodifiableList(more), now));
  }

  InputStream open() {
    List<InputStream> streams = new ArrayList<>();
    parts.forEach(part -> streams.add(new ByteArrayInputStream(part)));
    return new SequenceInputStream(Collections.enumeration(streams));
  }
}
