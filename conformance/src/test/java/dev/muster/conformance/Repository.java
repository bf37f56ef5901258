package dev.muster.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// The working tree that is tested, without what a build leaves in it.
public final class Repository {
  public static final Path ROOT = Path.of(property("repository.root")).toAbsolutePath().normalize();

  private Repository() {}

  /// A property that conformance's pom.xml passes to the tests.
  public static String property(String name) {
    return Objects.requireNonNull(
        System.getProperty(name), () -> name + " is set by conformance/pom.xml: run by Maven");
  }

  /// Every file below a folder whose name ends so, sorted.
  public static List<Path> files(Path folder, String ending) {
    List<Path> found = new ArrayList<>();
    var visitor =
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            String name = path.getFileName().toString();
            boolean skipped = name.equals("target") || name.startsWith(".");
            return skipped && !path.equals(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (path.toString().endsWith(ending)) {
              found.add(path);
            }
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(folder, visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  /// The folders with a pom.xml and Java sources of their own: `registry`, `services/user`, …
  public static List<Path> modules() {
    return files(ROOT, "pom.xml").stream()
        .map(Path::getParent)
        .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
        .toList();
  }

  /// Where it stands, for people: `registry/src/main/java/…`.
  public static String name(Path path) {
    return ROOT.relativize(path).toString();
  }

  public static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
