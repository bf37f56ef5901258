package dev.muster.raft;

import dev.muster.consensus.Confirmation;
import dev.muster.consensus.DataFolderException;
import dev.muster.consensus.Engine;
import dev.muster.consensus.Replica;
import dev.muster.consensus.Status;
import dev.muster.consensus.Submission;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.ratis.io.CorruptedFileException;
import org.apache.ratis.protocol.exceptions.ChecksumException;

/// The [Engine] on Apache Ratis: Raft (Ongaro and Ousterhout, 2014) with pre-vote, over gRPC, with
/// a log on disk that is flushed before anything is acknowledged.
///
/// What Ratis does otherwise than we need it, and what is done about it, is in `DESIGN.md`.
public final class RatisEngine implements Engine {

  /// How Ratis begins to speak of its file of term and vote, before its name.
  private static final String VOTE_UNREADABLE = "Failed to load ";

  private final RaftConfig config;
  private volatile Optional<RatisMember> member = Optional.empty();

  public RatisEngine(RaftConfig config) {
    this.config = config;
  }

  @Override
  public void start(Replica replica) throws IOException {
    DataFolder folder = DataFolder.open(config.folder(), config.name(), config.random());
    boolean started = false;
    try {
      LogTail.repair(folder.log());
      member = Optional.of(RatisMember.start(config, folder, replica));
      started = true;
    } catch (IOException | RuntimeException e) {
      throw explained(e);
    } finally {
      if (!started) {
        folder.close();
      }
    }
  }

  @Override
  public void submit(byte[] entry, Consumer<Submission> done) {
    member.ifPresentOrElse(
        running -> running.submit(entry, done),
        () -> done.accept(new Submission.NotLeader(Optional.empty())));
  }

  @Override
  public Confirmation confirm(Duration timeout) {
    return member.map(RatisMember::confirm).orElseGet(Confirmation.NoLeader::new);
  }

  /// Also tells the last of a server that has been closed.
  @Override
  public Status status() {
    return member
        .map(RatisMember::status)
        .orElseThrow(() -> new IllegalStateException("the engine has not been started"));
  }

  @Override
  public void close() {
    member.ifPresent(RatisMember::close);
  }

  /// Finds the reason in what Ratis wraps around it.
  private IOException explained(Exception failure) {
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
      String message = "" + cause.getMessage();
      if (message.startsWith(VOTE_UNREADABLE)) {
        throw new DataFolderException.Corrupt(
            Path.of(message.substring(VOTE_UNREADABLE.length())),
            "it does not hold a term and a vote",
            failure);
      }
      switch (cause) {
        case DataFolderException known -> throw known;
        case CorruptedFileException _, ChecksumException _ ->
            throw new DataFolderException.Corrupt(config.folder(), message, failure);
        default -> {}
      }
    }
    return new IOException(
        "Raft cannot start on %s:%s with the folder %s: %s"
            .formatted(config.host(), config.port(), config.folder(), root.getMessage()),
        failure);
  }
}
