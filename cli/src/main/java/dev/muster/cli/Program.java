package dev.muster.cli;

import dev.muster.agent.Logging;
import dev.muster.agent.config.AgentConfig;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The command line: its commands, and what they share.
///
/// @param name what it was called by: `muster`, or `consul` through a symbolic link
record Program(
    String name,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment) {
  static final int OK = 0;
  static final int FAILED = 1;

  /// Muster's own version.
  static String version() {
    String version = Program.class.getPackage().getImplementationVersion();
    return version == null ? "0.0.0-unpackaged" : version;
  }

  /// Runs one command; returns the exit code.
  int run(String[] args) {
    Logging.configure(new AgentConfig.Log("warn", false));
    CommandLine commands = commands();
    return commands.execute(args);
  }

  private CommandLine commands() {
    var line = new CommandLine(new RootCommand(this));
    line.setCommandName(name);
    add(line, "agent", new AgentCommand(this).spec());
    CommandLine services = add(line, "services", new Group(this));
    add(services, "register", new RegisterCommand(this));
    add(services, "deregister", new DeregisterCommand(this));
    add(line, "register", new RegisterCommand(this));
    add(line, "deregister", new DeregisterCommand(this));
    CommandLine catalog = add(line, "catalog", new Group(this));
    add(catalog, "services", new CatalogServicesCommand(this));
    add(catalog, "nodes", new CatalogNodesCommand(this));
    CommandLine keys = add(line, "kv", new Group(this));
    add(keys, "get", new KvGetCommand(this));
    add(keys, "put", new KvPutCommand(this));
    add(keys, "delete", new KvDeleteCommand(this));
    add(line, "members", new MembersCommand(this));
    add(line, "validate", new ValidateCommand(this));
    add(line, "demo", new DemoCommand(this));
    add(line, "version", new VersionCommand(this));
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setPosixClusteredShortOptionsAllowed(false);
    line.setExpandAtFiles(false); // kv put takes @FILE for its value
    line.setParameterExceptionHandler(this::misused);
    line.setExecutionExceptionHandler(this::failed);
    Summaries.describe(line);
    addHelp(line);
    return line;
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-help", "--help", "-h")
                .usageHelp(true)
                .type(boolean.class)
                .description("Print this.")
                .build());
    line.getSubcommands().values().forEach(Program::addHelp);
  }

  private static CommandLine add(CommandLine parent, String name, Object command) {
    var line = new CommandLine(command);
    parent.addSubcommand(name, line);
    return line;
  }

  private int misused(ParameterException e, String[] args) {
    Misuse misuse = Misuse.of(e);
    err.println(misuse.sentence());
    String path = misuse.command().getCommandSpec().qualifiedName();
    err.println("Run '" + path + " -help' for what there is.");
    return FAILED;
  }

  private int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof CommandFailed failure) {
      err.println(failure.report());
      return FAILED;
    }
    throw e;
  }
}
