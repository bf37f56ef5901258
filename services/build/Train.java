import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Unpacks an executable Boot jar into `app/` beside it (a thin jar and `lib/`) and trains there
/// the JVM's ahead-of-time cache for it: `Train.java target/user-service.jar`. The cache holds for
/// this jar and this JDK only; when both are those of the last run, nothing is done.
class Train {
  private static final int SECONDS_MAX = 180;

  public static void main(String[] args) throws Exception {
    Path jar = Path.of(args[0]).toAbsolutePath();
    String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
    Path app = jar.resolveSibling("app");
    Path cache = app.resolve(name + ".aot");
    Path trained = app.resolve("trained-for");
    String now = sha256(jar) + " " + System.getProperty("java.vm.version");
    if (Files.exists(cache) && Files.exists(trained) && Files.readString(trained).equals(now)) {
      return;
    }
    delete(app);
    java("-Djarmode=tools", "-jar", jar, "extract", "--destination", app);
    java(
        "-XX:AOTCacheOutput=" + cache,
        "-Dspring.context.exit=onRefresh",
        "-jar",
        app.resolve(name + ".jar"),
        "--server.port=0",
        "--spring.datasource.url=jdbc:h2:mem:training;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
        "--logging.level.root=warn");
    Files.writeString(trained, now);
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = Files.newInputStream(file)) {
      byte[] part = new byte[1 << 16];
      for (int length = in.read(part); length >= 0; length = in.read(part)) {
        digest.update(part, 0, length);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /// Runs the JVM that runs this program, and shows what it printed only if it failed.
  private static void java(Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path output = Files.createTempFile("train", ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean isDone = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
    if (!isDone) {
      process.destroyForcibly();
    }
    if (!isDone || process.exitValue() != 0) {
      System.err.println(Files.readString(output));
      throw new IllegalStateException(
          (isDone ? "Failed: " : "Not done in " + SECONDS_MAX + " s: ")
              + String.join(" ", command));
    }
    Files.delete(output);
  }
}
