package dev.muster.cli.cluster;

import dev.muster.cli.command.Terminal;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;

/// Commands about the agent that is asked and the servers it knows.
public final class ClusterCommands {
  private ClusterCommands() {}

  /// All of them, by name.
  public static Map<String, Object> of(Terminal terminal) {
    Map<String, Object> commands = new TreeMap<>();
    commands.put("drain", new DrainCommand(terminal));
    commands.put("event", new EventCommand(terminal));
    commands.put("force-leave", new ForceLeaveCommand(terminal));
    commands.put("info", new InfoCommand(terminal));
    commands.put("join", new JoinCommand(terminal));
    commands.put("keygen", new KeygenCommand(terminal, new SecureRandom()));
    commands.put("leave", new LeaveCommand(terminal));
    commands.put("maint", new MaintCommand(terminal));
    commands.put("members", new MembersCommand(terminal));
    commands.put("monitor", new MonitorCommand(terminal));
    commands.put("reload", new ReloadCommand(terminal));
    commands.put("rtt", new RttCommand(terminal));
    return commands;
  }
}
