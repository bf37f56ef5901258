package dev.muster.cli;

import dev.muster.agent.Agent;
import dev.muster.agent.AgentConfig;
import dev.muster.agent.InvalidConfiguration;
import dev.muster.agent.Logging;
import dev.muster.agent.Settings;
import dev.muster.agent.StartFailed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// `agent`. Each option that stands for a key of the configuration is handed over by its name; what
/// it may be is the configuration's to say.
@Command(
    description = "Run a server: registry, health checks, HTTP API and balancer.",
    footer = {
      "",
      "Examples:",
      "  muster agent -dev                             keeps nothing when it stops",
      "  muster agent -dev -client=0.0.0.0             listens to other machines",
      "  muster agent -server -data-dir /var/lib/muster -node one",
      "  muster agent -config-file muster.json -log-json",
      "",
      "A port of -1 switches that listener off, 0 takes a free port."
    })
final class AgentCommand implements Callable<Integer> {
  /// A flag that stands for a key of the configuration. Without `parameter` it is a switch.
  private record Flag(String name, String key, String parameter, String description) {}

  private static final List<Flag> FLAGS =
      List.of(
          new Flag("dev", "dev_mode", "", "Keep state in a temporary folder."),
          new Flag("server", "server", "", "Accepted: every agent is a server."),
          new Flag("bootstrap-expect", "bootstrap_expect", "N", "Servers of the group (1)."),
          new Flag("data-dir", "data_dir", "FOLDER", "Where state is kept."),
          new Flag("node", "node_name", "NAME", "Its name in the catalog (the host's)."),
          new Flag("datacenter", "datacenter", "NAME", "The datacenter's name (dc1)."),
          new Flag("client", "client_addr", "ADDRESS", "Listens to clients here (127.0.0.1)."),
          new Flag("bind", "bind_addr", "ADDRESS", "Listens to servers here (127.0.0.1)."),
          new Flag("http-port", "ports.http", "PORT", "HTTP API (8500)."),
          new Flag("dns-port", "ports.dns", "PORT", "DNS, UDP and TCP (8600)."),
          new Flag("server-port", "ports.server", "PORT", "Other servers (8300)."),
          new Flag("balancer-port", "ports.balancer", "PORT", "Balancer (8080)."),
          new Flag("balancer-threads", "balancer.threads", "N", "Event loops (processors)."),
          new Flag("pid-file", "pid_file", "FILE", "Where the process id is written."),
          new Flag("log-level", "log_level", "LEVEL", "trace, debug, info, warn or err (info)."),
          new Flag("log-json", "log_json", "", "Log one JSON object a line."));

  @Option(
      names = {"-config-file", "--config-file"},
      paramLabel = "FILE",
      description = "A JSON file of settings; may be repeated. Flags win over files.")
  private List<Path> files = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Program program;

  AgentCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() throws InterruptedException {
    AgentConfig config;
    try {
      config = AgentConfig.of(settings(), hostName());
    } catch (InvalidConfiguration e) {
      throw new CommandFailed(e.report());
    }
    Logging.configure(config.log());
    return serve(config);
  }

  private Integer serve(AgentConfig config) throws InterruptedException {
    var failed = new AtomicBoolean();
    var stop = new CountDownLatch(1);
    StopRequest.onSignal(stop::countDown);
    Agent agent;
    try {
      agent =
          Agent.start(
              config,
              Program.version(),
              cause -> {
                program.err().println("The server stopped itself: " + cause.getMessage());
                failed.set(true);
                stop.countDown();
              });
    } catch (StartFailed e) {
      throw new CommandFailed(e.report());
    }
    stop.await();
    agent.close();
    return failed.get() ? Program.FAILED : Program.OK;
  }

  /// The command with an option for each flag.
  CommandSpec spec() {
    CommandSpec command = CommandSpec.forAnnotatedObject(this);
    for (Flag flag : FLAGS) {
      boolean isSwitch = flag.parameter().isEmpty();
      command.addOption(
          OptionSpec.builder("-" + flag.name(), "--" + flag.name())
              .arity(isSwitch ? "0..1" : "1")
              .fallbackValue(isSwitch ? "true" : "")
              .paramLabel(isSwitch ? "true|false" : flag.parameter())
              .hideParamSyntax(isSwitch)
              .preprocessor(isSwitch ? AgentCommand::leaveNextWord : null)
              .type(String.class)
              .description(flag.description())
              .build());
    }
    return command;
  }

  /// The value of a switch is attached to it, `-dev=false`; a word behind it is not its value.
  private static boolean leaveNextWord(
      Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> found) {
    if (" ".equals(found.get("separator"))) {
      words.push("true");
    }
    return false;
  }

  private Settings settings() {
    var settings = new Settings();
    files.forEach(settings::addFile);
    ParseResult parsed = spec.commandLine().getParseResult();
    for (Flag flag : FLAGS) {
      String option = "-" + flag.name();
      if (parsed.hasMatchedOption(option)) {
        String value = parsed.matchedOptionValue(option, "");
        settings.addFlag(option, flag.key(), value);
      }
    }
    return settings;
  }

  private static String hostName() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      return name.replaceAll("[^A-Za-z0-9._-]", "-");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
