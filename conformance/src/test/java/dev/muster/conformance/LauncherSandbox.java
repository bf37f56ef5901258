package dev.muster.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// A repository in a temporary folder with the real launcher, a program that does what a test asks,
/// and a `mvn` that only counts. It is built, and its sources are older than the build.
final class LauncherSandbox {
  private static final String PROGRAM =
      """
      package dev.muster.cli;

      public class Main {
        public static void main(String[] args) throws Exception {
          switch (args.length == 0 ? "" : args[0]) {
            case "exit" -> System.exit(Integer.parseInt(args[1]));
            case "wait" -> {
              Runtime.getRuntime().addShutdownHook(
                  new Thread(() -> System.out.println("stopped")));
              System.out.println("ready");
              new java.util.concurrent.CountDownLatch(1).await();
            }
            default -> {
              System.out.println("program=" + System.getProperty("muster.program"));
              System.out.println("home=" + System.getProperty("muster.home"));
              System.out.println("java=" + System.getProperty("java.home"));
              System.out.println("flags=" + java.lang.management.ManagementFactory
                  .getRuntimeMXBean().getInputArguments());
              for (String arg : args) {
                System.out.println("[" + arg + "]");
              }
            }
          }
        }
      }
      """;

  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      if [ "$1" = -v ]; then echo "Apache Maven ${MAVEN_VERSION:-3.8.7} (planted)"; exit; fi
      echo build >>../builds
      sleep "${MAVEN_SECONDS:-0}"
      if [ -n "${MAVEN_FAILURE:-}" ]; then echo "[ERROR] $MAVEN_FAILURE"; exit 1; fi
      touch cli/target/muster/stamp
      """;

  private final Path folder;
  private final Path root;

  LauncherSandbox(Path folder) throws IOException {
    this.folder = folder.toRealPath();
    root = this.folder.resolve("a root");
    copy("muster");
    copy("build/jdk25.sh");
    write("pom.xml", "<project/>");
    write("registry/src/main/java/Lease.java", "");
    write("registry/src/main/resources/lease.json", "");
    write("registry/src/test/java/LeaseTest.java", "");
    write("registry/target/Generated.java", "");
    executable("bin/mvn", MAVEN);
    program();
    write("cli/target/muster/stamp", "");
    age(root, Duration.ofHours(2));
    age(stamp(), Duration.ofHours(1));
  }

  Path root() {
    return root;
  }

  Path stamp() {
    return root.resolve("cli/target/muster/stamp");
  }

  /// The launcher with the JDK that runs this test and the counting `mvn`.
  ProcessBuilder launch(String... arguments) {
    return launch(root.resolve("muster"), arguments);
  }

  ProcessBuilder launch(Path launcher, String... arguments) {
    var command = new ProcessBuilder(launcher.toString());
    command.command().addAll(List.of(arguments));
    command.directory(folder.toFile());
    Map<String, String> environment = command.environment();
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    environment.put("MUSTER_JAVA_HOME", System.getProperty("java.home"));
    environment.remove("MUSTER_JAVA_OPTS");
    return command;
  }

  /// The launcher with an empty home and nothing on PATH but a few tools: it can find no JDK.
  ProcessBuilder launchOnBareMachine(String... arguments) throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("bash", "basename", "dirname", "find", "mkdir", "readlink")) {
      link(tools.resolve(tool), which(tool));
    }
    ProcessBuilder command = launch(arguments);
    command.environment().clear();
    command.environment().put("PATH", tools.toString());
    command.environment().put("HOME", Files.createDirectories(folder.resolve("home")).toString());
    command.environment().put("MUSTER_JDK_FOLDERS", folder.resolve("jdks").toString());
    return command;
  }

  /// How often Maven was asked to build.
  long builds() throws IOException {
    Path builds = folder.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  void executable(String name, String script) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// A link at this place of the sandbox's folder, replaced if it is there.
  Path link(String name, Path target) throws IOException {
    return link(folder.resolve(name), target);
  }

  private static Path link(Path link, Path target) throws IOException {
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    return Files.createSymbolicLink(link, target);
  }

  void write(String name, String text) throws IOException {
    Files.createDirectories(root.resolve(name).getParent());
    Files.writeString(root.resolve(name), text);
  }

  private void copy(String name) throws IOException {
    Files.createDirectories(root.resolve(name).getParent());
    Files.copy(Repository.ROOT.resolve(name), root.resolve(name));
  }

  private void program() throws IOException {
    Path source = folder.resolve("program/Main.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, PROGRAM);
    int failure =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", source.getParent() + "", source + "");
    if (failure != 0) {
      throw new IllegalStateException("the planted program does not compile");
    }
    Path jar = root.resolve("cli/target/muster/lib/muster.jar");
    Files.createDirectories(jar.getParent());
    String name = "dev/muster/cli/Main.class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(name));
      out.write(Files.readAllBytes(source.resolveSibling(name)));
    }
  }

  private static void age(Path folder, Duration age) throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(age));
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        Files.setLastModifiedTime(path, then);
      }
    }
  }

  private static Path which(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(entry -> Path.of(entry, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(tool + " is not on PATH"));
  }

  /// The first line that a process prints.
  static String firstLine(Process process) throws IOException {
    var line = new StringBuilder();
    for (int next = read(process); next >= 0 && next != '\n'; next = read(process)) {
      line.append((char) next);
    }
    return line.toString();
  }

  private static int read(Process process) throws IOException {
    return process.getInputStream().read();
  }

  /// What a command prints to its standard output only.
  static String standardOutput(ProcessBuilder command) throws IOException, InterruptedException {
    Process process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return text;
  }
}
