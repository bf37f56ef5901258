package dev.muster.consensus;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// Lets each (proposer, sequence) through once. Part of the replicated state: it decides by log
/// order alone and is written into every snapshot.
///
/// For each proposer it keeps a window over the newest [#WINDOW] sequences: the highest seen and
/// one bit for each below it, as IPsec does against replay (RFC 4303, 3.4.3). What is older than
/// the window is refused too. A proposer never has more than half a window in flight, so that only
/// an entry which everybody has given up can be that old.
///
/// Of more than [#PROPOSERS_MAX] proposers the ones that were silent longest are forgotten; an
/// entry of theirs that turned up once more after all those starts would be applied again.
///
/// Owned by the applying thread.
final class RepeatFilter {

  static final int WINDOW = Long.SIZE;
  static final int PROPOSERS_MAX = 1024;

  /// The newest sequences of a proposer; bit `i` is set if `highest - i` was seen.
  private record Seen(long highest, long bits) {

    static final Seen NOTHING = new Seen(0, 0);

    /// Whether the sequence was seen, or is too old to tell.
    boolean has(long sequence) {
      long behind = highest - sequence;
      return behind >= WINDOW || (behind >= 0 && (bits & 1L << behind) != 0);
    }

    Seen with(long sequence) {
      long ahead = sequence - highest;
      return ahead > 0
          ? new Seen(sequence, ahead < WINDOW ? bits << ahead | 1 : 1)
          : new Seen(highest, bits | 1L << -ahead);
    }
  }

  /// In the order of their last entry, oldest first.
  private final LinkedHashMap<UUID, Seen> proposers = new LinkedHashMap<>();

  /// Whether the entry is new; notes it if so.
  boolean admit(UUID proposer, long sequence) {
    Seen seen = proposers.getOrDefault(proposer, Seen.NOTHING);
    boolean isNew = !seen.has(sequence);
    proposers.putLast(proposer, isNew ? seen.with(sequence) : seen);
    if (proposers.size() > PROPOSERS_MAX) {
      proposers.pollFirstEntry();
    }
    return isNew;
  }

  /// A copy that no longer changes.
  RepeatFilter copy() {
    var copy = new RepeatFilter();
    copy.proposers.putAll(proposers);
    return copy;
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(proposers.size());
    for (Map.Entry<UUID, Seen> entry : proposers.entrySet()) {
      out.writeLong(entry.getKey().getMostSignificantBits());
      out.writeLong(entry.getKey().getLeastSignificantBits());
      out.writeLong(entry.getValue().highest);
      out.writeLong(entry.getValue().bits);
    }
  }

  void readFrom(DataInputStream in) throws IOException {
    proposers.clear();
    for (int left = in.readInt(); left > 0; left--) {
      proposers.put(new UUID(in.readLong(), in.readLong()), new Seen(in.readLong(), in.readLong()));
    }
  }
}
