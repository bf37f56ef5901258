package dev.muster.nginx.language;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// The pattern of an `include`, as glob(3) reads it: `*`, `?` and `[…]` in any part of the path, a
/// leading dot only where the pattern has one, results in order.
final class FilePattern {
  private FilePattern() {}

  static boolean isPattern(String name) {
    return name.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  /// The files that match, sorted. A folder that cannot be read has none.
  static List<Path> matches(Path pattern) {
    List<Path> found = new ArrayList<>();
    found.add(pattern.isAbsolute() ? pattern.getRoot() : Path.of(""));
    for (Path part : pattern) {
      List<Path> next = new ArrayList<>();
      for (Path folder : found) {
        if (isPattern(part.toString())) {
          next.addAll(inside(folder, part.toString()));
        } else if (Files.exists(folder.resolve(part))) {
          next.add(folder.resolve(part));
        }
      }
      found = next;
    }
    return found.stream().sorted().toList();
  }

  private static List<Path> inside(Path folder, String part) {
    PathMatcher matcher = matcher(folder.getFileSystem(), part);
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path each : all) {
        Path name = each.getFileName();
        boolean isHidden = name.toString().startsWith(".") && !part.startsWith(".");
        if (!isHidden && matcher.matches(name)) {
          found.add(each);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // As with glob(3): what cannot be read has nothing in it.
      return List.of();
    }
    return found;
  }

  private static PathMatcher matcher(FileSystem files, String part) {
    // Java's globs also have alternatives in braces, the shell's do not.
    String escaped = part.replace("{", "\\{").replace("}", "\\}").replace("[^", "[!");
    try {
      return files.getPathMatcher("glob:" + escaped);
    } catch (PatternSyntaxException e) {
      return name -> name.toString().equals(part);
    }
  }
}
