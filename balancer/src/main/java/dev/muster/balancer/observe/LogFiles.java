package dev.muster.balancer.observe;

import dev.muster.balancer.config.AccessLogConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// The files that access logs are written to, each opened once however many locations write to it.
/// Thread-safe.
final class LogFiles implements AutoCloseable {
  private final LongSupplier nanoTime;
  private final Map<Key, LogWriter> open = new HashMap<>();

  private record Key(String path, int bufferBytes, Duration flush) {}

  LogFiles(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// The writer of a file.
  ///
  /// @throws IllegalStateException naming the file if it cannot be written to
  synchronized LogWriter open(AccessLogConfig config) {
    Key key = new Key(config.path(), config.bufferBytes(), config.flush());
    LogWriter known = open.get(key);
    if (known != null) {
      return known;
    }
    try {
      LogWriter opened =
          new LogWriter(
                  key.path(), () -> stream(key.path()), key.bufferBytes(), key.flush(), nanoTime)
              .start();
      open.put(key, opened);
      return opened;
    } catch (IOException e) {
      throw new IllegalStateException(
          "the access log %s cannot be written to: %s".formatted(key.path(), e.getMessage()), e);
    }
  }

  private static OutputStream stream(String path) throws IOException {
    return switch (path) {
      case "/dev/stdout" -> new Shared(new FileOutputStream(FileDescriptor.out));
      case "/dev/stderr" -> new Shared(new FileOutputStream(FileDescriptor.err));
      default ->
          Files.newOutputStream(
              Path.of(path),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND);
    };
  }

  /// A stream of the process, which others write to after we have ended.
  private static final class Shared extends FilterOutputStream {
    Shared(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      out.write(bytes, from, count);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /// Opens every file anew.
  synchronized void reopen() {
    open.values().forEach(LogWriter::reopen);
  }

  /// Closes those that nobody writes to any more.
  void retain(Set<LogWriter> used) {
    List<LogWriter> gone = new ArrayList<>();
    synchronized (this) {
      open.values()
          .removeIf(
              writer -> {
                boolean isGone = !used.contains(writer);
                if (isGone) {
                  gone.add(writer);
                }
                return isGone;
              });
    }
    gone.forEach(LogWriter::close);
  }

  synchronized List<LogWriter> all() {
    return List.copyOf(open.values());
  }

  @Override
  public void close() {
    retain(Set.of());
  }
}
