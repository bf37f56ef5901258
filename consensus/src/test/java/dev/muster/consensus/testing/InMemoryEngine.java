package dev.muster.consensus.testing;

import dev.muster.consensus.Confirmation;
import dev.muster.consensus.Engine;
import dev.muster.consensus.Peer;
import dev.muster.consensus.Replica;
import dev.muster.consensus.Role;
import dev.muster.consensus.Status;
import dev.muster.consensus.Submission;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A group of one whose log is a list in memory. It can be held up, demoted and made to stutter,
/// to see what those above make of it.
///
/// Safe for all threads; one of its own applies.
public final class InMemoryEngine implements Engine {

  private static final Peer SELF = new Peer("memory", "127.0.0.1:0");
  private static final Peer OTHER = new Peer("other", "127.0.0.1:1");

  /// What outlives an engine, as a folder does.
  public static final class Disk {
    private final List<byte[]> entries = new ArrayList<>();
    private long firstIndex;
    private byte[] image = new byte[0];

    /// How many entries are kept.
    public synchronized int size() {
      return entries.size();
    }

    private synchronized long append(byte[] entry) {
      entries.add(entry);
      return firstIndex + entries.size() - 1;
    }

    private synchronized long lastIndex() {
      return firstIndex + entries.size() - 1;
    }

    private synchronized void save(byte[] newImage, long upTo) {
      image = newImage;
      while (firstIndex <= upTo) {
        entries.removeFirst();
        firstIndex++;
      }
    }
  }

  private record Held(byte[] entry, Consumer<Submission> done) {}

  private final Disk disk;
  private final int snapshotEntries;
  private final ExecutorService applying =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("memory-apply").unstarted(task));

  // Guarded by this:
  private final Queue<Held> held = new ArrayDeque<>();
  private boolean isHolding;
  private boolean leads = true;
  private boolean repeats;
  private int confirmations;
  private long appliedIndex = -1;
  private Optional<Replica> replica = Optional.empty();

  /// An engine that remembers nothing afterwards.
  public InMemoryEngine() {
    this(new Disk(), Integer.MAX_VALUE);
  }

  /// @param snapshotEntries entries after which the log is replaced by a capture
  public InMemoryEngine(Disk disk, int snapshotEntries) {
    this.disk = disk;
    this.snapshotEntries = snapshotEntries;
  }

  @Override
  public synchronized void start(Replica newReplica) throws IOException {
    if (disk.firstIndex > 0) {
      appliedIndex = disk.firstIndex - 1;
      newReplica.restore(appliedIndex, new ByteArrayInputStream(disk.image));
    }
    for (byte[] entry : List.copyOf(disk.entries)) {
      newReplica.apply(++appliedIndex, entry);
    }
    replica = Optional.of(newReplica);
  }

  @Override
  public void submit(byte[] entry, Consumer<Submission> done) {
    boolean refused;
    synchronized (this) {
      refused = !leads;
      if (!refused && isHolding) {
        held.add(new Held(entry, done));
      } else if (!refused) {
        append(entry, done);
      }
    }
    if (refused) {
      done.accept(new Submission.NotLeader(Optional.of(OTHER)));
    }
  }

  private synchronized void append(byte[] entry, Consumer<Submission> done) {
    int copies = repeats ? 2 : 1;
    applying.execute(
        () -> {
          for (int i = 0; i < copies; i++) {
            apply(disk.append(entry), entry);
          }
          done.accept(new Submission.Committed());
        });
  }

  private void apply(long index, byte[] entry) {
    Replica target = replica.orElseThrow();
    try {
      target.apply(index, entry);
      synchronized (this) {
        appliedIndex = index;
      }
      if (disk.size() >= snapshotEntries) {
        var image = new ByteArrayOutputStream();
        target.capture().writeTo(image);
        disk.save(image.toByteArray(), index);
      }
    } catch (IOException | RuntimeException e) {
      applying.shutdownNow();
      target.failed(e);
    }
  }

  @Override
  public synchronized Confirmation confirm(Duration timeout) {
    confirmations++;
    return leads ? new Confirmation.Confirmed(disk.lastIndex()) : new Confirmation.NoLeader();
  }

  @Override
  public synchronized Status status() {
    return new Status(
        SELF.id(),
        leads ? Role.LEADER : Role.FOLLOWER,
        Optional.of(leads ? SELF : OTHER),
        1,
        disk.lastIndex(),
        appliedIndex,
        List.of(SELF));
  }

  @Override
  public void close() {
    applying.shutdown();
    try {
      if (!applying.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the applying thread does not end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Keeps entries from now on, instead of committing them.
  public synchronized void hold() {
    isHolding = true;
  }

  /// How many entries are held.
  public synchronized int heldEntries() {
    return held.size();
  }

  /// Commits what was held, and no longer holds.
  public synchronized void release() {
    isHolding = false;
    for (Held entry : held) {
      append(entry.entry, entry.done);
    }
    held.clear();
  }

  /// Has another member lead from now on: held entries may or may not be committed there.
  public void demote() {
    List<Held> lost;
    synchronized (this) {
      leads = false;
      lost = List.copyOf(held);
      held.clear();
    }
    lost.forEach(entry -> entry.done.accept(new Submission.Unknown("leadership was lost")));
  }

  /// Puts every entry into the log twice from now on.
  public synchronized void repeatEntries() {
    repeats = true;
  }

  /// How often [#confirm] was called.
  public synchronized int confirmations() {
    return confirmations;
  }
}
