package dev.muster.consensus;

import dev.muster.consensus.StateMachine.Capture;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;

/// The state machine together with what exactly-once needs: unwraps entries, drops repeats, and
/// answers the callers of entries that this server proposed itself. So replies are computed on
/// every server, but travel nowhere.
///
/// Owned by the engine's applying thread.
final class ReplicatedState<R> implements Replica {

  private static final int IMAGE_FORMAT = 1;

  private final StateMachine<R> machine;
  private final EntriesInFlight<R> inFlight;
  private final AppliedIndex appliedIndex;
  private final Consumer<Throwable> onFailure;
  private final RepeatFilter filter = new RepeatFilter();
  private boolean broken;

  ReplicatedState(
      StateMachine<R> machine,
      EntriesInFlight<R> inFlight,
      AppliedIndex appliedIndex,
      Consumer<Throwable> onFailure) {
    this.machine = machine;
    this.inFlight = inFlight;
    this.appliedIndex = appliedIndex;
    this.onFailure = onFailure;
  }

  @Override
  public void apply(long index, byte[] entry) {
    Invariant.check(!broken, () -> "entry %s after one that could not be applied".formatted(index));
    broken = true; // until it has worked
    try {
      apply(index, Envelope.decode(entry));
      broken = false;
    } catch (RuntimeException | Error e) {
      failed(e);
      throw e;
    }
  }

  private void apply(long index, Envelope envelope) {
    boolean isNew = filter.admit(envelope.proposer(), envelope.sequence());
    List<R> replies =
        isNew && !envelope.commands().isEmpty() ? machine.apply(envelope.commands()) : List.of();
    Invariant.check(
        !isNew || replies.size() == envelope.commands().size(),
        () -> "%s replies to %s commands".formatted(replies.size(), envelope.commands().size()));
    appliedIndex.advance(index);
    if (!inFlight.isOwn(envelope)) {
      return;
    }
    if (isNew) {
      inFlight.applied(envelope.sequence(), replies);
    } else {
      inFlight.skipped(envelope.sequence());
    }
  }

  @Override
  public void advance(long index) {
    appliedIndex.advance(index);
  }

  @Override
  public Capture capture() {
    Invariant.check(!broken, () -> "a state that lost its way must not be saved");
    RepeatFilter seen = filter.copy();
    Capture state = machine.capture();
    return out -> {
      var data = new DataOutputStream(out);
      data.writeInt(IMAGE_FORMAT);
      seen.writeTo(data);
      data.flush();
      state.writeTo(out);
    };
  }

  @Override
  public void restore(long index, InputStream image) throws IOException {
    var data = new DataInputStream(image);
    int format = data.readInt();
    if (format != IMAGE_FORMAT) {
      throw new IOException(
          "the snapshot is in format %s, this version reads %s".formatted(format, IMAGE_FORMAT));
    }
    filter.readFrom(data);
    machine.restore(image);
    appliedIndex.advance(index);
  }

  @Override
  public void failed(Throwable cause) {
    onFailure.accept(cause);
  }
}
