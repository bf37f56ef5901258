package dev.muster.cli.services;

import dev.muster.cli.command.Group;
import dev.muster.cli.command.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/// The group `services`.
public final class ServicesCommands {
  private ServicesCommands() {}

  /// All of its commands.
  public static CommandLine of(Terminal terminal) {
    return new Group(
            terminal,
            "Register and deregister instances of services.",
            "services register -name web -port 80")
        .with("register", new RegisterCommand(terminal))
        .with("deregister", new DeregisterCommand(terminal))
        .line();
  }

  /// The same without the group's name, by their own.
  public static Map<String, Object> shortcuts(Terminal terminal) {
    Map<String, Object> commands = new LinkedHashMap<>();
    commands.put("register", new RegisterCommand(terminal));
    commands.put("deregister", new DeregisterCommand(terminal));
    return commands;
  }
}
