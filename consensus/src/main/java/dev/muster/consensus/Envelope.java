package dev.muster.consensus;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What a log entry is made of: who proposed it, the how-manieth of that proposer it is, and the
/// commands.
///
/// On the wire: format byte, proposer (16 bytes), sequence (8), count (4), then for each command
/// its length (4) and its bytes.
///
/// @param proposer one start of one server
/// @param sequence 1, 2, 3, … of that proposer
/// @param commands none for an entry that only marks a place in the log
record Envelope(UUID proposer, long sequence, List<byte[]> commands) {

  private static final byte FORMAT = 1;
  private static final int HEADER_BYTES = 1 + 2 * Long.BYTES + Long.BYTES + Integer.BYTES;

  Envelope {
    commands = List.copyOf(commands);
  }

  byte[] encode() {
    int bytes = HEADER_BYTES;
    for (byte[] command : commands) {
      bytes += Integer.BYTES + command.length;
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.put(FORMAT);
    out.putLong(proposer.getMostSignificantBits()).putLong(proposer.getLeastSignificantBits());
    out.putLong(sequence).putInt(commands.size());
    for (byte[] command : commands) {
      out.putInt(command.length).put(command);
    }
    return out.array();
  }

  /// Reads what [#encode] wrote; anything else is a broken invariant, for the engine guards its
  /// entries by checksums.
  static Envelope decode(byte[] entry) {
    try {
      ByteBuffer in = ByteBuffer.wrap(entry);
      byte format = in.get();
      Invariant.check(
          format == FORMAT,
          () ->
              "a log entry is in format %s, this version knows %s: update this server"
                  .formatted(format, FORMAT));
      UUID proposer = new UUID(in.getLong(), in.getLong());
      long sequence = in.getLong();
      int count = in.getInt();
      List<byte[]> commands = new ArrayList<>(Math.min(count, in.remaining() / Integer.BYTES));
      for (int i = 0; i < count; i++) {
        commands.add(bytes(in, in.getInt()));
      }
      Invariant.check(!in.hasRemaining(), () -> in.remaining() + " bytes behind a log entry");
      return new Envelope(proposer, sequence, commands);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(
          "a log entry of %s bytes is cut off".formatted(entry.length), e);
    }
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    Invariant.check(
        length >= 0 && length <= in.remaining(),
        () -> "a command of %s bytes is cut off".formatted(length));
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
