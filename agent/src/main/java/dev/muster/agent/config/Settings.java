package dev.muster.agent.config;

import dev.muster.agent.hcl.Document;
import dev.muster.agent.hcl.Document.Format;
import dev.muster.agent.hcl.Malformed;
import dev.muster.agent.hcl.Place;
import dev.muster.agent.hcl.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a configuration comes from: files, folders, flags. Can be read again, to see what changed.
///
/// Later files win over earlier ones, and flags over files; lists are appended, flags first. Not
/// thread-safe.
public final class Settings {
  private static final long FILE_BYTES_MAX = 16 << 20;
  private static final int FILES_MAX = 10_000;

  private record Flag(Key key, Value.Text text) {}

  private final String hostName;
  private final List<Path> files = new ArrayList<>();
  private final List<Flag> flags = new ArrayList<>();
  private final List<Value.Text> fragments = new ArrayList<>();
  private Optional<Format> format = Optional.empty();

  /// @param hostName the default of the node's name
  public Settings(String hostName) {
    this.hostName = hostName;
  }

  /// Adds what a flag of the command line says of a key.
  public void addFlag(String flag, Key key, String text) {
    flags.add(new Flag(key, new Value.Text(text, Place.of("flag " + flag))));
  }

  /// Adds a piece of HCL from the command line.
  public void addFragment(String flag, String hcl) {
    fragments.add(new Value.Text(hcl, Place.of("flag " + flag)));
  }

  /// Adds a file, or the files `*.json` and `*.hcl` of a folder in the order of their names.
  public void add(Path fileOrFolder) {
    files.add(fileOrFolder);
  }

  /// All files are of this format, whatever they are called.
  public void setFormat(Format format) {
    this.format = Optional.of(format);
  }

  /// Reads all sources as they are now.
  ///
  /// @throws InvalidConfiguration with every problem there is
  public Reading read() {
    return read(true);
  }

  /// Reads all sources; they need not be enough to start a server with.
  ///
  /// @throws InvalidConfiguration with every problem there is
  public Reading check() {
    return read(false);
  }

  private Reading read(boolean isForServer) {
    var problems = new Problems();
    var survey = new Survey(problems);
    flags.stream()
        .filter(flag -> flag.key().kind().isList())
        .forEach(flag -> survey.flag(flag.key(), flag.text()));
    for (Path file : allFiles(problems)) {
      text(file, problems)
          .flatMap(text -> document(file.toString(), text, format(file, text), problems))
          .ifPresent(survey::document);
    }
    fragments.forEach(
        fragment ->
            document(fragment.place().source(), fragment.text(), Format.HCL, problems)
                .ifPresent(survey::document));
    flags.stream()
        .filter(flag -> !flag.key().kind().isList())
        .forEach(flag -> survey.flag(flag.key(), flag.text()));
    survey.judge();
    var reading = new ConfigReading(survey.values(), hostName, problems);
    AgentConfig config = reading.config();
    if (isForServer) {
      reading.requireDataFolder();
    }
    problems.orThrow();
    return new Reading(config, problems.warnings(), survey.values());
  }

  private Format format(Path file, String text) {
    return format.orElseGet(() -> Format.of(file.toString(), text));
  }

  private List<Path> allFiles(Problems problems) {
    List<Path> all = new ArrayList<>();
    for (Path path : files) {
      if (Files.isDirectory(path)) {
        all.addAll(folder(path, problems));
      } else {
        all.add(path);
      }
    }
    return all;
  }

  private List<Path> folder(Path folder, Problems problems) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files =
          entries
              .filter(this::isOfConfiguration)
              .filter(file -> !Files.isDirectory(file))
              .sorted()
              .limit(FILES_MAX + 1L)
              .toList();
      if (files.size() > FILES_MAX) {
        problems.add("%s: more than %d files".formatted(folder, FILES_MAX));
      }
      return files;
    } catch (IOException e) {
      problems.add(folder + ": cannot be read: " + e.getMessage());
      return List.of();
    }
  }

  private boolean isOfConfiguration(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return format.isPresent() || name.endsWith(".json") || name.endsWith(".hcl");
  }

  private static Optional<String> text(Path file, Problems problems) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        problems.add("%s: larger than %d MiB".formatted(file, FILE_BYTES_MAX >> 20));
        return Optional.empty();
      }
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      problems.add(file + ": does not exist");
    } catch (IOException e) {
      problems.add(file + ": cannot be read: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static Optional<Value.Group> document(
      String source, String text, Format format, Problems problems) {
    try {
      return Optional.of(Document.read(source, text, format));
    } catch (Malformed e) {
      problems.add(e.report());
      return Optional.empty();
    }
  }
}
