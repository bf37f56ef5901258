package dev.muster.cli.snapshot;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// The files that `snapshot agent` writes into a folder: each is named by its time, so that a
/// process started again goes on where the one before stopped.
final class SnapshotFolder {
  private static final Pattern NAME = Pattern.compile("consul-([0-9]{1,19})\\.snap");

  private final Path folder;
  private final InstantSource clock;

  SnapshotFolder(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /// Where the next one goes: a name that sorts behind all that are there, even if the clock was
  /// set back.
  Path next() throws IOException {
    Instant now = clock.instant();
    long time = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    List<Path> files = oldestFirst();
    long newest = files.isEmpty() ? 0 : time(files.getLast());
    return folder.resolve("consul-%d.snap".formatted(Math.max(time, newest + 1)));
  }

  /// Deletes the oldest; returns what it deleted.
  List<Path> deleteAllBut(int count) throws IOException {
    List<Path> files = oldestFirst();
    List<Path> old = files.subList(0, Math.max(0, files.size() - count));
    for (Path file : old) {
      Files.deleteIfExists(file);
    }
    return List.copyOf(old);
  }

  private List<Path> oldestFirst() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        if (NAME.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file)) {
          files.add(file);
        }
      }
    }
    files.sort(Comparator.comparingLong(SnapshotFolder::time));
    return files;
  }

  private static long time(Path file) {
    return Long.parseLong(NAME.matcher(file.getFileName().toString()).replaceFirst("$1"));
  }
}
