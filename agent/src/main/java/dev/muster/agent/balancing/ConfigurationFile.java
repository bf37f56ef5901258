package dev.muster.agent.balancing;

import dev.muster.balancer.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file that says what the balancer serves, followed while it changes. A file with an error
/// changes nothing: what was said before holds. Thread-safe.
public final class ConfigurationFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFile.class);
  private static final long LOOK_MILLIS = 1000;

  private final Path path;
  private final Table table;
  private final Supplier<Said> reader;
  private Map<Path, Print> prints = Map.of();
  private boolean isClosed;

  /// What a file says.
  ///
  /// @param errors sentences with file and line; if there are any, nothing else counts
  /// @param warnings sentences with file and line
  /// @param files that were read, those included too
  public record Said(
      Configuration configuration, List<String> errors, List<String> warnings, List<Path> files) {
    /// Copies what it is given.
    public Said {
      errors = List.copyOf(errors);
      warnings = List.copyOf(warnings);
      files = List.copyOf(files);
    }
  }

  /// What tells one content of a file from another without reading it.
  private record Print(FileTime changed, long size) {
    static Print of(Path file) {
      try {
        return new Print(Files.getLastModifiedTime(file), Files.size(file));
      } catch (IOException e) {
        return new Print(FileTime.fromMillis(0), -1);
      }
    }
  }

  private ConfigurationFile(Path path, Table table, Supplier<Said> reader) {
    this.path = path;
    this.table = table;
    this.reader = reader;
  }

  /// Serves what the file says when the call returns, and follows it.
  ///
  /// @throws IOException with all errors, if it cannot be used
  public static ConfigurationFile start(Path path, Table table, Supplier<Said> reader)
      throws IOException {
    var file = new ConfigurationFile(path, table, reader);
    List<String> problems = file.load();
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems));
    }
    Thread.ofVirtual().name("balancer-file").start(file::watch);
    return file;
  }

  /// Reads it again.
  ///
  /// @return every error; empty if what it says is served now
  public synchronized List<String> reload() {
    List<String> problems = load();
    if (problems.isEmpty()) {
      LOG.info("{} is served as it is now", path);
    } else {
      problems.forEach(problem -> LOG.error("{}", problem));
      LOG.error("{} is served as it was before", path);
    }
    return problems;
  }

  private synchronized List<String> load() {
    // Before it is read: what changes meanwhile is seen with the next look.
    Map<Path, Print> before =
        prints(prints.isEmpty() ? List.of(path) : List.copyOf(prints.keySet()));
    Said said = reader.get();
    Map<Path, Print> after = prints(said.files().isEmpty() ? List.of(path) : said.files());
    after.putAll(before);
    after.keySet().retainAll(said.files().isEmpty() ? List.of(path) : said.files());
    prints = after;
    if (!said.errors().isEmpty()) {
      return said.errors();
    }
    try {
      table.follow(said.configuration());
    } catch (IllegalStateException | IllegalArgumentException e) {
      return List.of(path + ": " + e.getMessage());
    }
    said.warnings().forEach(warning -> LOG.warn("{}", warning));
    return List.of();
  }

  private static Map<Path, Print> prints(List<Path> files) {
    Map<Path, Print> prints = new HashMap<>();
    files.forEach(file -> prints.put(file, Print.of(file)));
    return prints;
  }

  private synchronized void watch() {
    try {
      while (!isClosed) {
        wait(LOOK_MILLIS);
        if (!isClosed && !prints.equals(prints(List.copyOf(prints.keySet())))) {
          reload();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    notifyAll();
  }
}
