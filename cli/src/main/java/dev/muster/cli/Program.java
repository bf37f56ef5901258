package dev.muster.cli;

import dev.muster.agent.Logging;
import dev.muster.agent.config.AgentConfig;
import dev.muster.cli.balancer.BalancerCommands;
import dev.muster.cli.catalog.CatalogCommands;
import dev.muster.cli.cluster.ClusterCommands;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.GoDuration;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.config.ConfigCommands;
import dev.muster.cli.debug.DebugCommands;
import dev.muster.cli.kv.KvCommands;
import dev.muster.cli.lock.LockCommands;
import dev.muster.cli.operator.OperatorCommands;
import dev.muster.cli.services.ServicesCommands;
import dev.muster.cli.snapshot.SnapshotCommands;
import dev.muster.cli.watch.WatchCommands;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// The command line: its commands, and what they share.
record Program(Terminal terminal) {

  /// Runs one command; returns the exit code.
  int run(String... args) {
    Logging.configure(new AgentConfig.Log("warn", false));
    return commands().execute(args);
  }

  /// Every command there is.
  CommandLine commands() {
    var line = new CommandLine(new RootCommand(terminal));
    line.setCommandName(terminal.name());
    Map<String, Object> all = new TreeMap<>(ClusterCommands.of(terminal));
    all.putAll(ServicesCommands.shortcuts(terminal));
    all.put("agent", new AgentCommand(terminal).spec());
    all.put("balancer", BalancerCommands.of(terminal, new BalancerCommand(terminal)));
    all.put("catalog", CatalogCommands.of(terminal));
    all.put("completion", new CompletionCommand(terminal));
    all.put("config", ConfigCommands.of(terminal));
    all.put("debug", DebugCommands.of(terminal));
    all.put("demo", new DemoCommand(terminal));
    all.put("kv", KvCommands.of(terminal));
    all.put("lock", LockCommands.of(terminal));
    all.put("manual", new ManualCommand(terminal));
    all.put("operator", OperatorCommands.of(terminal));
    all.put("services", ServicesCommands.of(terminal));
    all.put("validate", new ValidateCommand(terminal));
    all.put("snapshot", SnapshotCommands.of(terminal));
    all.put("version", new VersionCommand(terminal));
    all.put("watch", WatchCommands.of(terminal));
    all.forEach(line::addSubcommand);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setPosixClusteredShortOptionsAllowed(false);
    line.setExpandAtFiles(false); // kv put takes @FILE for its value
    line.registerConverter(Duration.class, Program::duration);
    line.setParameterExceptionHandler(this::misused);
    line.setExecutionExceptionHandler(this::failed);
    Flags.complete(line);
    return line;
  }

  private static Duration duration(String word) {
    try {
      return GoDuration.parse(word);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private int misused(ParameterException e, String[] args) {
    Misuse misuse = Misuse.of(e);
    terminal.err().println(misuse.sentence());
    String path = misuse.command().getCommandSpec().qualifiedName();
    terminal.err().println("Run '" + path + " -help' for what there is.");
    return Terminal.FAILED;
  }

  private int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof CommandFailed failure) {
      terminal.err().println(failure.report());
      return failure.exitCode();
    }
    throw e;
  }
}
