package dev.muster.consensus.testing;

import dev.muster.consensus.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A state machine that writes down every command, as text, and answers with its line number,
/// beginning at 1.
public final class Ledger implements StateMachine<Long> {

  /// A command that makes [#apply] throw.
  public static final String POISON = "poison";

  private final List<String> lines = new ArrayList<>();
  private final List<Integer> batchSizes = new CopyOnWriteArrayList<>();

  /// The bytes of a command.
  public static byte[] command(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<Long> apply(List<byte[]> commands) {
    batchSizes.add(commands.size());
    List<Long> replies = new ArrayList<>();
    synchronized (lines) {
      for (byte[] command : commands) {
        String text = new String(command, StandardCharsets.UTF_8);
        if (text.equals(POISON)) {
          throw new IllegalStateException("poisoned on purpose");
        }
        lines.add(text);
        replies.add((long) lines.size());
      }
    }
    return replies;
  }

  @Override
  public Capture capture() {
    List<String> image = lines();
    return out -> {
      var data = new DataOutputStream(out);
      data.writeInt(image.size());
      for (String line : image) {
        data.writeUTF(line);
      }
      data.flush();
    };
  }

  @Override
  public void restore(InputStream snapshot) throws IOException {
    var data = new DataInputStream(snapshot);
    synchronized (lines) {
      lines.clear();
      for (int left = data.readInt(); left > 0; left--) {
        lines.add(data.readUTF());
      }
    }
  }

  /// All commands so far, in order.
  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /// How many there are.
  public int size() {
    synchronized (lines) {
      return lines.size();
    }
  }

  /// How many commands came with each call of [#apply] since the start.
  public List<Integer> batchSizes() {
    return List.copyOf(batchSizes);
  }
}
