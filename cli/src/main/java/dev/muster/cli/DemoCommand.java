package dev.muster.cli;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Terminal;
import dev.muster.demo.Demo;
import dev.muster.demo.DemoConfig;
import dev.muster.demo.DemoFailed;
import java.io.Console;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `demo`.
@Command(
    description = "Start the whole sample system on this machine: agent, balancer, two services.",
    footer = {
      "",
      "Examples:",
      "  muster demo                       shows what runs where, follows the logs",
      "  muster demo -balancer-port 9080   when another program listens on 8080",
      "  muster demo --check               on free ports: works, kills, counts, exits"
    })
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = {"-check", "--check"},
      description = "Check unattended; exit code 0 only if nothing failed.")
  private boolean check;

  @Option(
      names = {"-http-port", "--http-port"},
      paramLabel = "PORT",
      description = "The agent's HTTP API (8500; a free one with --check).")
  private int httpPort = -1;

  @Option(
      names = {"-dns-port", "--dns-port"},
      paramLabel = "PORT",
      description = "The agent's DNS (8600).")
  private int dnsPort = -1;

  @Option(
      names = {"-balancer-port", "--balancer-port"},
      paramLabel = "PORT",
      description = "The balancer (8080; a free one with --check).")
  private int balancerPort = -1;

  private final Terminal terminal;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var config =
        new DemoConfig(
            home(),
            Path.of(System.getProperty("java.home"), "bin", "java"),
            port(httpPort, 8500),
            port(dnsPort, check ? -1 : 8600),
            port(balancerPort, 8080),
            isColored());
    var demo = new Demo(config, terminal.out());
    terminal.stopRequests().onStop(Thread.currentThread()::interrupt);
    try {
      if (!check) {
        demo.follow();
        return Terminal.OK;
      }
      return demo.check() ? Terminal.OK : Terminal.FAILED;
    } catch (InterruptedException e) {
      // Everything is stopped; the one who asked for it waits for the exit code.
      return check ? Terminal.FAILED : Terminal.OK;
    } catch (DemoFailed e) {
      throw new CommandFailed(e.report());
    }
  }

  private int port(int given, int usual) {
    if (given >= 0) {
      return given;
    }
    return check && usual > 0 ? 0 : usual;
  }

  private boolean isColored() {
    boolean isTerminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return isTerminal && !terminal.environment().containsKey("NO_COLOR");
  }

  private static Path home() {
    String home = System.getProperty("muster.home", "");
    if (home.isEmpty()) {
      throw new CommandFailed("The demo must be started with ./muster, which knows where it is.");
    }
    return Path.of(home);
  }
}
