package dev.muster.cli.lock;

import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.Child;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lock`.
@Command(
    description = "Run a command while holding a lock, or a slot of a semaphore.",
    footer = {
      "",
      "Examples:",
      "  muster lock locks/nightly ./report.sh",
      "  muster lock -n=3 -timeout=1m locks/crawl ./crawl --all",
      "  muster lock -shell=false -child-exit-code locks/nightly ./report.sh",
      "",
      "The command's environment has CONSUL_LOCK_HELD=true. When the lock is lost, or",
      "this program is asked to stop, the command gets SIGTERM, and SIGKILL 5 s later.",
      "All who use the same prefix give the same -n."
    })
final class LockCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(
      names = "-n",
      paramLabel = "N",
      description = "How many may hold it at once (1); a semaphore if more than one.")
  private int limit = 1;

  @Option(
      names = "-name",
      paramLabel = "NAME",
      description = "A name for the session (made from the command).")
  private String name = "";

  @Option(
      names = "-timeout",
      paramLabel = "DURATION",
      description = "Give up when it is not had by then (0: wait for ever).")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "-try",
      paramLabel = "DURATION",
      description = "The same as -timeout, as older versions called it.")
  private Duration attempt = Duration.ZERO;

  @Option(
      names = "-monitor-retry",
      paramLabel = "N",
      description = "Ask so often, 1 s apart, before servers that fail mean it is lost (3).")
  private int monitorRetries = 3;

  @Option(
      names = "-child-exit-code",
      description = "Exit with 2 if the command fails; else its failure is only told.")
  private boolean passCode;

  @Option(names = "-pass-stdin", description = "The command reads this program's input.")
  private boolean passStdin;

  @Option(
      names = "-shell",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "true",
      paramLabel = "true|false",
      hideParamSyntax = true,
      description = "Run the command by a shell, $SHELL or /bin/sh (true).")
  private boolean shell;

  @Option(names = "-verbose", description = "Say what happens.")
  private boolean verbose;

  @Parameters(index = "0", paramLabel = "PREFIX", description = "Where in the store it is kept.")
  private String prefix = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "What to run, with its arguments.")
  private List<String> words = new ArrayList<>();

  private final Terminal terminal;
  private final Times times;

  LockCommand(Terminal terminal, Times times) {
    this.terminal = terminal;
    this.times = times;
  }

  @Override
  public Integer call() throws InterruptedException {
    String path = prefix.replaceAll("^/+|/+$", "").replaceAll("/{2,}", "/");
    if (path.isEmpty()) {
      throw new CommandFailed("Key prefix missing");
    }
    if (limit < 1 || monitorRetries < 0) {
      throw new CommandFailed("-n is 1 or more, -monitor-retry 0 or more");
    }
    if (!attempt.isZero() && !timeout.isZero()) {
      throw new CommandFailed("Give -timeout or -try, which is the same, not both");
    }
    ApiClient api = agent.client(terminal);
    var holding =
        new Holding(
            terminal,
            times,
            timeout.isZero() ? attempt : timeout,
            verbose,
            new Holding.Task(command(), passStdin, passCode));
    return holding.run(
        api,
        name.isEmpty()
            ? "Consul lock for '" + String.join(" ", words) + "' at '" + path + "'"
            : name,
        limit == 1 ? "release" : "delete",
        session -> {
          var keys = new Keys(api, times);
          return limit == 1
              ? new Mutex(keys, times, path + "/.lock", session, monitorRetries)
              : new Semaphore(keys, times, path, session, limit, monitorRetries);
        });
  }

  private List<String> command() {
    return shell ? Child.byShell(terminal, words) : words;
  }
}
