package dev.muster.agent;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Turns settings into a configuration, collecting problems on the way.
final class ConfigReading {
  private static final Set<String> KEYS =
      Set.of(
          "dev_mode",
          "node_name",
          "datacenter",
          "data_dir",
          "client_addr",
          "bind_addr",
          "log_level",
          "log_json",
          "pid_file",
          "server",
          "bootstrap_expect",
          "consensus",
          "ports.http",
          "ports.dns",
          "ports.server",
          "ports.balancer",
          "balancer.config",
          "balancer.threads",
          "limits.http_max_conns_per_client");

  private final Settings settings;
  private final String hostName;
  private final List<String> problems;

  ConfigReading(Settings settings, String hostName) {
    this.settings = settings;
    this.hostName = hostName;
    problems = new ArrayList<>(settings.problems());
  }

  AgentConfig config() {
    requireKnownKeys();
    boolean development = bool("dev_mode");
    requireOne();
    AgentConfig config =
        new AgentConfig(
            development,
            name("node_name", hostName),
            name("datacenter", "dc1"),
            dataFolder(development),
            address("client_addr"),
            address("bind_addr"),
            ports(),
            limits(),
            new AgentConfig.Log(level(), bool("log_json")),
            path("pid_file"));
    if (!problems.isEmpty()) {
      throw new InvalidConfiguration(problems);
    }
    return config;
  }

  private void requireKnownKeys() {
    settings
        .values()
        .forEach(
            (key, given) -> {
              boolean isGroup =
                  given.text().isEmpty() && KEYS.stream().anyMatch(it -> it.startsWith(key + "."));
              if (!KEYS.contains(key) && !isGroup) {
                problems.add(
                    "%s: there is no key \"%s\"%s".formatted(given.origin(), key, nearest(key)));
              }
            });
  }

  private static String nearest(String key) {
    List<String> known = KEYS.stream().filter(each -> !each.equals("dev_mode")).toList();
    return Spelling.nearest(key, known)
        .map(meant -> "; did you mean \"" + meant + "\"?")
        .orElse("");
  }

  /// What this version cannot do is refused, never quietly left out.
  private void requireOne() {
    if (settings.get("server").isPresent() && !bool("server")) {
      problem("server", "every agent is a server; leave it out, or true");
    }
    if (number("bootstrap_expect", 1, 1, 99) > 1) {
      problem("bootstrap_expect", "groups of several servers are not supported yet; use 1");
    }
    text("consensus")
        .filter(engine -> !engine.equals("raft"))
        .ifPresent(_ -> problem("consensus", "\"raft\" is the only engine so far"));
    text("balancer.config")
        .ifPresent(
            _ ->
                problem(
                    "balancer.config",
                    "files in nginx's language are not read yet; route by urlprefix- tags"));
  }

  private AgentConfig.Ports ports() {
    return new AgentConfig.Ports(
        number("ports.http", 8500, -1, 65_535),
        number("ports.dns", 8600, -1, 65_535),
        number("ports.server", 8300, -1, 65_535),
        number("ports.balancer", 8080, -1, 65_535));
  }

  private AgentConfig.Limits limits() {
    return new AgentConfig.Limits(
        number("balancer.threads", Runtime.getRuntime().availableProcessors(), 1, 1024),
        number("limits.http_max_conns_per_client", 200, -1, 1_000_000));
  }

  private Optional<Path> dataFolder(boolean development) {
    Optional<Path> folder = path("data_dir");
    if (text("data_dir").filter(name -> !name.isBlank()).isEmpty() && !development) {
      problems.add(
          "no folder to keep state in: give -data-dir FOLDER, or -dev for a temporary one");
    }
    return folder;
  }

  private Optional<Path> path(String key) {
    try {
      return text(key).filter(name -> !name.isBlank()).map(Path::of);
    } catch (InvalidPathException e) {
      problem(key, e.getReason());
      return Optional.empty();
    }
  }

  private String name(String key, String absent) {
    String name = text(key).orElse(absent);
    if (!name.matches("[A-Za-z0-9._-]{1,63}")) {
      problem(key, "\"" + name + "\" is not 1 to 63 of A-Z a-z 0-9 . _ -");
    }
    return name;
  }

  private String address(String key) {
    String text = text(key).orElse("127.0.0.1");
    try {
      if (text.matches("\\d+(\\.\\d+){3}") || text.contains(":")) {
        return InetAddress.getByName(text).getHostAddress();
      }
    } catch (UnknownHostException e) {
      // reported below
    }
    problem(key, "\"" + text + "\" is not an IP address such as 127.0.0.1 or 0.0.0.0");
    return "127.0.0.1";
  }

  private String level() {
    String level = text("log_level").orElse("info").toLowerCase(Locale.ROOT);
    return switch (level) {
      case "trace", "debug", "info", "warn", "err" -> level;
      case "error" -> "err";
      default -> {
        problem("log_level", "\"" + level + "\" is not trace, debug, info, warn or err");
        yield "info";
      }
    };
  }

  private boolean bool(String key) {
    return switch (text(key).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> {
        problem(key, "want true or false");
        yield false;
      }
    };
  }

  private int number(String key, int absent, int least, int most) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    problem(key, "\"%s\" is not a whole number from %d to %d".formatted(text.get(), least, most));
    return absent;
  }

  private Optional<String> text(String key) {
    return settings.get(key).map(Settings.Given::text);
  }

  private void problem(String key, String what) {
    String origin = settings.get(key).map(Settings.Given::origin).orElse("default");
    problems.add("%s: %s: %s".formatted(origin, key, what));
  }
}
