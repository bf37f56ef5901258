package dev.muster.cli;

import dev.muster.agent.Agent;
import dev.muster.agent.Logging;
import dev.muster.agent.StartFailed;
import dev.muster.agent.config.InvalidConfiguration;
import dev.muster.agent.config.Key;
import dev.muster.agent.config.Keys;
import dev.muster.agent.config.Kind;
import dev.muster.agent.config.Reading;
import dev.muster.agent.config.Settings;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Terminal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
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
      "  muster agent -config-dir /etc/muster.d -log-json",
      "",
      "A port of -1 switches that listener off, 0 takes a free port."
    })
final class AgentCommand implements Callable<Integer> {
  @Option(
      names = {"-config-file", "--config-file", "-config-dir", "--config-dir"},
      paramLabel = "PATH",
      description =
          "A file of settings, or a folder of *.json and *.hcl; may be repeated. Flags win.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = {"-config-format", "--config-format"},
      paramLabel = "hcl|json",
      description = "The format of all files, whatever they are called.")
  private String format = "";

  @Option(
      names = {"-hcl", "--hcl"},
      paramLabel = "TEXT",
      description = "A piece of configuration in HCL; may be repeated.")
  private List<String> fragments = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  AgentCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings();
    Reading reading;
    try {
      reading = settings.read();
    } catch (InvalidConfiguration e) {
      throw new CommandFailed(e.report());
    }
    Logging.configure(reading.config().log());
    return serve(reading, settings);
  }

  private Integer serve(Reading reading, Settings settings) throws InterruptedException {
    var failed = new AtomicBoolean();
    var stop = new CountDownLatch(1);
    terminal.stopRequests().onStop(stop::countDown);
    var running = new CompletableFuture<Agent>();
    // Before the start: until then, SIGHUP would end the process. A wish of meanwhile comes true
    // when there is something to reload.
    ReloadRequest.onSignal(() -> running.join().reload());
    Agent agent;
    try {
      agent =
          Agent.start(
              reading,
              settings::read,
              Version.ours(),
              cause -> {
                terminal.err().println("The server stopped itself: " + cause.getMessage());
                failed.set(true);
                stop.countDown();
              });
    } catch (StartFailed e) {
      throw new CommandFailed(e.report());
    }
    running.complete(agent);
    agent.onLeave(stop::countDown);
    stop.await();
    agent.close();
    return failed.get() ? Terminal.FAILED : Terminal.OK;
  }

  /// The command with an option for each flag.
  CommandSpec spec() {
    CommandSpec command = CommandSpec.forAnnotatedObject(this);
    for (Key key : Keys.all().flags()) {
      boolean isSwitch = key.kind().form() == Kind.Form.SWITCH;
      command.addOption(
          OptionSpec.builder(key.flag(), "-" + key.flag())
              .arity(isSwitch ? "0..1" : "1")
              .fallbackValue(isSwitch ? "true" : "")
              .paramLabel(label(key))
              .hideParamSyntax(isSwitch)
              .preprocessor(isSwitch ? AgentCommand::leaveNextWord : null)
              .type(List.class)
              .auxiliaryTypes(String.class)
              .hidden(key.effect() == Key.Effect.NO)
              .description(description(key))
              .build());
    }
    return command;
  }

  private static String label(Key key) {
    return switch (key.kind().form()) {
      case SWITCH -> "true|false";
      case NAME -> "NAME";
      case ADDRESS, ADDRESSES -> "ADDRESS";
      case PATH -> "PATH";
      case LEVEL -> "LEVEL";
      case PORT -> "PORT";
      case NUMBER, DECIMAL -> "N";
      case DURATION -> "TIME";
      case MAP -> "KEY:VALUE";
      case TEXT, TEXTS, ANY, DEFINITIONS, GROUP -> "TEXT";
    };
  }

  private static String description(Key key) {
    String text = Character.toUpperCase(key.text().charAt(0)) + key.text().substring(1);
    String sentence = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    boolean isOff = key.normal().isEmpty() || key.normal().equals("false");
    String normal = key.normal().replaceAll("[()]", "");
    return isOff ? sentence + "." : "%s (%s).".formatted(sentence, normal);
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
    var settings = new Settings(hostName());
    files.forEach(settings::add);
    ConfigFormat.of(format).ifPresent(settings::setFormat);
    fragments.forEach(fragment -> settings.addFragment("-hcl", fragment));
    ParseResult parsed = spec.commandLine().getParseResult();
    for (Key key : Keys.all().flags()) {
      List<String> values = parsed.matchedOptionValue(key.flag(), List.of());
      values.forEach(value -> settings.addFlag(key.flag(), key, value));
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
