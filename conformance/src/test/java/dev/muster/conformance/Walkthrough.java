package dev.muster.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The commands of a Markdown page that a reader is asked to type, run as they stand there.
///
/// They are the fenced block of bash behind the line `<!-- walkthrough -->`. A comment `# => text`
/// on a command's line, or on lines below it, says what its output has in it. All run in one bash,
/// in order, in the folder of the repository; what they leave in the background is ended with it.
/// Two things are changed: every port becomes a free one, the same wherever it is named, and after
/// a command in the background its ports are waited for, as a reader would.
///
/// @param page the page's name, for people
/// @param steps the commands between one expectation and the next
record Walkthrough(String page, List<Step> steps) {
  private static final Pattern BLOCK =
      Pattern.compile(
          "^<!-- walkthrough -->\\s*^```bash\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern EXPECTATION = Pattern.compile("(.*?)\\s*# => (.*)");
  private static final Pattern PORT =
      Pattern.compile(
          "(?<=[\\w\\]]:|[Pp]ort[ =]|\"Port\": ?|http\\.server )\\b(\\d{4,5})\\b(?!\\d)");
  private static final Pattern BACKGROUND = Pattern.compile("[^&]&\\s*$");

  /// What a server takes when no port is named.
  private static final Map<String, String> DEFAULT_PORTS =
      Map.of(
          "8500",
          "-http-port",
          "8600",
          "-dns-port",
          "8080",
          "-balancer-port",
          "8300",
          "-server-port");

  private static final String MARK = "@@ step ";
  private static final long ENDS_WITHIN_SECONDS = 120;

  /// @param line that of its last command in the block, from 1
  private record Step(int line, List<String> commands, List<String> expected) {}

  /// @throws AssertionError if the page has no such block, or nothing is expected in it
  static Walkthrough of(String page, String markdown) {
    Matcher block = BLOCK.matcher(markdown);
    if (!block.find()) {
      throw new AssertionError(
          page + " has no walkthrough: a block of bash behind a line <!-- walkthrough -->");
    }
    List<Step> steps = new ArrayList<>();
    List<String> commands = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    int number = 0;
    int last = 1;
    for (String line : block.group(1).lines().toList()) {
      number++;
      Matcher expectation = EXPECTATION.matcher(line);
      boolean expects = expectation.matches();
      String command = expects ? expectation.group(1) : line;
      if (!command.isBlank()) {
        if (!expected.isEmpty()) {
          steps.add(new Step(last, List.copyOf(commands), List.copyOf(expected)));
          commands.clear();
          expected.clear();
        }
        commands.add(command);
        last = number;
      }
      if (expects) {
        expected.add(expectation.group(2).strip());
      }
    }
    if (!steps.isEmpty() || !expected.isEmpty()) {
      steps.add(new Step(last, commands, expected));
      return new Walkthrough(page, List.copyOf(steps));
    }
    throw new AssertionError(page + " expects nothing of its walkthrough: add # => TEXT");
  }

  /// Runs all; one sentence for each output that is not as the page says.
  List<String> wrong(Path folder) throws IOException, InterruptedException {
    Map<String, String> ports = ports();
    Path bin = Files.createDirectories(folder.resolve("bin"));
    writeMuster(bin.resolve("muster"), ports);
    Path script = Files.writeString(folder.resolve("walkthrough.sh"), script(ports));
    Path log = folder.resolve("output");
    ProcessBuilder command = Muster.command(Path.of("bash"), List.of(script.toString()));
    command.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
    command.environment().put("CONSUL_HTTP_ADDR", "127.0.0.1:" + ports.get("8500"));
    command.environment().put("MUSTER_JAVA_OPTS", "-Djava.io.tmpdir=" + folder);
    command.directory(Repository.ROOT.toFile()).redirectErrorStream(true);
    Process bash = command.redirectOutput(log.toFile()).start();
    bash.getOutputStream().close();
    List<String> wrong = new ArrayList<>();
    try {
      if (!bash.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        wrong.add(page + ": the walkthrough did not end");
      }
    } finally {
      List<ProcessHandle> left = bash.descendants().toList();
      left.forEach(ProcessHandle::destroyForcibly);
      bash.destroyForcibly().waitFor();
    }
    compare(Files.readString(log, StandardCharsets.UTF_8), ports, wrong);
    return wrong;
  }

  private void compare(String output, Map<String, String> ports, List<String> wrong) {
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      int begin = output.indexOf(MARK + i + "\n");
      int end = output.indexOf(MARK + (i + 1) + "\n");
      String said = begin < 0 ? "" : output.substring(begin, end < 0 ? output.length() : end);
      for (String expected : step.expected()) {
        if (!said.contains(substituted(expected, ports))) {
          wrong.add(
              "%s, line %d of its walkthrough, \"%s\": expected \"%s\", but it said:%n%s"
                  .formatted(page, step.line(), step.commands().getLast(), expected, said));
        }
      }
    }
  }

  private String script(Map<String, String> ports) {
    var script = new StringBuilder("trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT\n");
    for (int i = 0; i < steps.size(); i++) {
      script.append("printf '\\n%s\\n' '").append(MARK).append(i).append("'\n");
      for (String line : steps.get(i).commands()) {
        script.append(substituted(line, ports)).append('\n');
        if (BACKGROUND.matcher(line).find()) {
          awaitedPorts(line, ports).forEach(port -> script.append(wait(port)));
        }
      }
    }
    return script.append("printf '\\n%s\\n' '" + MARK + steps.size() + "'\n").toString();
  }

  private static List<String> awaitedPorts(String line, Map<String, String> ports) {
    return line.contains("muster agent") || line.contains("muster demo")
        ? List.of(ports.get("8500"), ports.get("8080"))
        : PORT.matcher(line).results().map(MatchResult::group).map(ports::get).toList();
  }

  /// Bounded by that of the whole.
  private static String wait(String port) {
    return "until (exec 3<>/dev/tcp/127.0.0.1/%s) 2>/dev/null; do sleep 0.1; done%n"
        .formatted(port);
  }

  private static String substituted(String text, Map<String, String> ports) {
    String result = text.replace("./muster", "muster");
    for (Map.Entry<String, String> port : ports.entrySet()) {
      result = result.replaceAll("\\b" + port.getKey() + "\\b", port.getValue());
    }
    return result;
  }

  /// A free one for each port that the block names, and for the defaults.
  private Map<String, String> ports() throws IOException {
    Map<String, String> ports = new TreeMap<>();
    List<ServerSocket> taken = new ArrayList<>();
    try {
      List<String> names = new ArrayList<>(DEFAULT_PORTS.keySet());
      steps.stream()
          .flatMap(step -> step.commands().stream())
          .flatMap(line -> PORT.matcher(line).results())
          .forEach(port -> names.add(port.group()));
      for (String name : names) {
        var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        taken.add(socket);
        ports.putIfAbsent(name, Integer.toString(socket.getLocalPort()));
      }
      return ports;
    } finally {
      for (ServerSocket socket : taken) {
        socket.close();
      }
    }
  }

  /// The launcher, whose servers take other ports than the usual ones.
  private static void writeMuster(Path file, Map<String, String> ports) throws IOException {
    var flags = new StringBuilder();
    DEFAULT_PORTS.forEach(
        (port, flag) -> flags.append(' ').append(flag).append('=').append(ports.get(port)));
    Files.writeString(
        file,
        """
        #!/usr/bin/env bash
        if [ "${1:-}" = agent ]; then set -- "$@"%s; fi
        exec '%s' "$@"
        """
            .formatted(flags, Muster.LAUNCHER));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
