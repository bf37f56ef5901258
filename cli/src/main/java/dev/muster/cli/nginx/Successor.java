package dev.muster.cli.nginx;

import dev.muster.balancer.Balancer;
import dev.muster.balancer.handover.Handover;
import dev.muster.balancer.handover.Inheritance;
import dev.muster.balancer.handover.Predecessor;
import dev.muster.cli.command.Terminal;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Replacing a running program by another build of it (nginx's `USR2`): the new one listens on the
/// same sockets, and both serve until the old one is told to go (`QUIT`). The old one's number is
/// meanwhile in the pid file with `.oldbin`.
final class Successor {
  private static final String VARIABLE = "MUSTER_PREDECESSOR";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Successor() {}

  /// Whether this process was started to replace another.
  static boolean isOne(Terminal terminal) {
    return !terminal.variable(VARIABLE).isEmpty();
  }

  /// What this process goes on with.
  static Inheritance inheritance(Terminal terminal) throws IOException {
    return isOne(terminal)
        ? new Predecessor(Path.of(terminal.variable(VARIABLE)), PATIENCE).sockets()
        : Inheritance.none();
  }

  /// Starts one. Returns it, or nothing if one runs already.
  ///
  /// @param failed run if it ends before it has taken the pid file; the old number is back then
  static Optional<Process> start(
      Path launcher, List<String> arguments, Path pidFile, Balancer balancer, Runnable failed)
      throws IOException {
    Path old = Layout.oldPidFile(pidFile);
    if (Files.exists(old)) {
      return Optional.empty();
    }
    Path socket = Files.createTempDirectory("nginx").resolve("handover");
    Handover handover = balancer.handOver(socket, () -> {});
    Files.move(pidFile, old, StandardCopyOption.ATOMIC_MOVE);
    var builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(arguments);
    builder.environment().put(VARIABLE, socket.toString());
    builder.environment().put("MUSTER_NO_BUILD", "1");
    builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
    Process process = builder.start();
    process
        .onExit()
        .thenAccept(
            _ -> {
              try {
                handover.close();
                Files.deleteIfExists(socket.getParent());
                Files.move(old, pidFile, StandardCopyOption.REPLACE_EXISTING);
              } catch (IOException e) {
                // gone with the folder it was in
              }
              failed.run();
            });
    return Optional.of(process);
  }
}
