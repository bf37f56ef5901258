package dev.muster.balancer.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Looks at files on threads of its own, so many at a time, with a bounded queue. Symbolic links
/// are followed. Thread-safe.
public final class Disk implements AutoCloseable {
  private static final int THREADS = 8;
  private static final int WAITING_MAX = 4096;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING_MAX),
          task -> Thread.ofPlatform().daemon().name("balancer-disk").unstarted(task));

  /// One whose threads end when there is nothing to do.
  public Disk() {
    threads.allowCoreThreadTimeOut(true);
  }

  /// Asks a question of the disk.
  ///
  /// @param question may block
  /// @param answers gets the answer
  /// @param loop where
  /// @return false if there are too many questions; then nobody gets an answer
  public <T> boolean ask(Supplier<T> question, Executor loop, Consumer<T> answers) {
    try {
      threads.execute(
          () -> {
            T answer = question.get();
            loop.execute(() -> answers.accept(answer));
          });
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /// Opens what is at a path. Blocks.
  static Found open(String path) {
    try {
      Path at = Path.of(path);
      BasicFileAttributes attributes = Files.readAttributes(at, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        return new Found.Directory();
      }
      // a pipe would keep whoever opens it
      if (!attributes.isRegularFile()) {
        return new Found.Nothing();
      }
      FileChannel channel = FileChannel.open(at);
      return new Found.File(
          channel, channel.size(), attributes.lastModifiedTime().to(TimeUnit.SECONDS));
    } catch (NoSuchFileException | InvalidPathException e) {
      return new Found.Nothing();
    } catch (AccessDeniedException e) {
      return new Found.Forbidden();
    } catch (FileSystemException e) {
      return isNoPath(e) ? new Found.Nothing() : new Found.Broken(e.toString());
    } catch (IOException e) {
      return new Found.Broken(e.toString());
    }
  }

  // The JDK has no type of its own for these.
  private static boolean isNoPath(FileSystemException e) {
    String reason = String.valueOf(e.getReason());
    return reason.contains("Not a directory") || reason.contains("File name too long");
  }

  /// Whether there is a file, or a directory if that is asked for. Blocks.
  static boolean exists(String path, boolean isDirectory) {
    try {
      Path at = Path.of(path);
      return isDirectory ? Files.isDirectory(at) : Files.isRegularFile(at);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
