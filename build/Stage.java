import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Lays out the program once cli's jar is made: `lib/` with every jar, an AOT cache trained on a
/// real run, and the stamp by which `./muster` knows that all of it is up to date.
///
/// Arguments: the launcher, cli's jar, the class path, the folder to fill, the instant at which the
/// build started.
class Stage {
  public static void main(String[] args) throws Exception {
    Path launcher = Path.of(args[0]);
    Path folder = Path.of(args[3]);
    Path cache = folder.resolve("muster.aot");
    Path trained = folder.resolve("muster.aot.jdk");
    Path stamp = folder.resolve("stamp");

    boolean changed = copyJars(jars(Path.of(args[1]), args[2]), folder.resolve("lib"));
    String jdk = System.getProperty("java.runtime.version");
    boolean current =
        !changed
            && Files.exists(cache)
            && Files.exists(trained)
            && Files.readString(trained).equals(jdk);
    if (!current) {
      Files.deleteIfExists(cache);
    }
    // A source that is edited while Maven runs is newer than the build's start, so it counts as
    // new.
    Files.writeString(stamp, "");
    Files.setLastModifiedTime(stamp, FileTime.from(Instant.parse(args[4])));
    if (!current && Train.run(launcher, cache)) {
      Files.writeString(trained, jdk);
    }
  }

  private static List<Path> jars(Path program, String classPath) {
    return Stream.concat(
            Stream.of(program),
            Stream.of(classPath.split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar")))
        .toList();
  }

  /// Replaces only what differs, and by renaming: a program that runs from the folder keeps the
  /// files it has open, and an AOT cache stays valid while no jar changes.
  private static boolean copyJars(List<Path> jars, Path lib) throws IOException {
    Files.createDirectories(lib);
    boolean changed = false;
    Set<String> wanted = new HashSet<>();
    for (Path jar : jars) {
      Path target = lib.resolve(jar.getFileName());
      wanted.add(target.getFileName().toString());
      if (!Files.exists(target) || Files.mismatch(jar, target) >= 0) {
        changed = true;
        Path whole = lib.resolve(jar.getFileName() + ".new");
        Files.copy(jar, whole, StandardCopyOption.REPLACE_EXISTING);
        Files.move(
            whole, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    for (Path old : list(lib)) {
      if (!wanted.contains(old.getFileName().toString())) {
        changed = true;
        Files.delete(old);
      }
    }
    return changed;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var paths = Files.list(folder)) {
      return paths.toList();
    }
  }
}
