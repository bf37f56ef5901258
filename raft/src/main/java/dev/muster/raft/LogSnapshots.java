package dev.muster.raft;

import dev.muster.consensus.AtomicFile;
import dev.muster.consensus.Replica;
import dev.muster.consensus.SnapshotFile;
import dev.muster.consensus.StateMachine.Capture;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides when the state is captured, and writes captures in the background. At most one is being
/// written; the file gets its name when it is complete and durable, so that Ratis never sees half
/// of one.
///
/// Except for [#finishedIndex] and [#unsavedBytes] owned by the applying thread.
final class LogSnapshots {

  private static final Logger LOG = LoggerFactory.getLogger(LogSnapshots.class);

  private final long logBytes;
  private final Replica replica;
  private final Runnable onFinished;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final AtomicBoolean isWriting = new AtomicBoolean();
  private volatile long unsavedBytes;
  private final AtomicLong finishedIndex = new AtomicLong(-1);

  /// @param logBytes bytes of entries between captures
  /// @param onFinished called by the writing thread, after [#finishedIndex] has moved
  LogSnapshots(long logBytes, Replica replica, Runnable onFinished) {
    this.logBytes = logBytes;
    this.replica = replica;
    this.onFinished = onFinished;
  }

  SimpleStateMachineStorage storage() {
    return storage;
  }

  /// The log index up to which the state is on disk, or -1.
  long finishedIndex() {
    return finishedIndex.get();
  }

  /// Bytes of entries that a start would have to apply.
  long unsavedBytes() {
    return unsavedBytes;
  }

  /// Makes durable what was received from another member.
  void syncReceived(RaftStorage raftStorage) throws IOException {
    Path folder = raftStorage.getStorageDir().getStateMachineDir().toPath();
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        AtomicFile.sync(file);
      }
    }
    AtomicFile.sync(folder);
    AtomicFile.sync(folder.resolveSibling("."));
  }

  /// Brings the replica to the newest snapshot, if there is one, and returns where that is.
  TermIndex restore(RaftStorage raftStorage) throws IOException {
    storage.init(raftStorage);
    SingleFileSnapshotInfo newest = storage.loadLatestSnapshot();
    if (newest == null) {
      return TermIndex.INITIAL_VALUE;
    }
    Path file = newest.getFile().getPath();
    try (InputStream image = SnapshotFile.open(file)) {
      replica.restore(newest.getIndex(), image);
    }
    unsavedBytes = 0;
    finishedIndex.set(newest.getIndex());
    return newest.getTermIndex();
  }

  /// Notes an applied entry, and starts a capture when enough have come together.
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread
  void applied(TermIndex at, int bytes) {
    unsavedBytes += bytes;
    if (unsavedBytes >= logBytes && isWriting.compareAndSet(false, true)) {
      Capture capture = replica.capture();
      unsavedBytes = 0;
      Thread.ofPlatform()
          .daemon()
          .name("raft-snapshot")
          .start(
              () -> {
                write(at, capture);
                isWriting.set(false);
                onFinished.run();
              });
    }
  }

  /// Captures and writes here and now, unless one is being written already.
  void save(TermIndex at) {
    if (at.getIndex() > finishedIndex.get() && isWriting.compareAndSet(false, true)) {
      write(at, replica.capture());
      unsavedBytes = 0;
      isWriting.set(false);
    }
  }

  /// Without this snapshot the log only stays longer; the next one will do.
  private void write(TermIndex at, Capture capture) {
    File target = storage.getSnapshotFile(at.getTerm(), at.getIndex());
    Path complete = target.toPath().resolveSibling("complete-" + target.getName());
    try {
      SnapshotFile.write(complete, capture);
      MD5Hash digest = MD5FileUtil.computeMd5ForFile(complete.toFile());
      MD5FileUtil.saveMD5File(target, digest);
      AtomicFile.rename(complete, target.toPath());
      var info = new FileInfo(target.toPath(), digest);
      storage.updateLatestSnapshot(new SingleFileSnapshotInfo(info, at));
      finishedIndex.accumulateAndGet(at.getIndex(), Math::max);
    } catch (IOException e) {
      LOG.warn("No snapshot could be written to {}; the log keeps growing", target, e);
    }
  }
}
