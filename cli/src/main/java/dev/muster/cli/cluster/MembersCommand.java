package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.command.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `members`.
@Command(
    description = "List the servers of the group.",
    footer = {
      "",
      "Examples:",
      "  muster members",
      "  muster members -detailed",
      "  muster members -status='alive|leaving'",
      "",
      "The exit code is 2 if there is none with that status."
    })
final class MembersCommand implements Callable<Integer> {
  private static final List<String> STATUS = List.of("none", "alive", "leaving", "left", "failed");
  private static final int NONE_FOUND = 2;

  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(names = "-detailed", description = "Print the tags of each, too.")
  private boolean detailed;

  @Option(names = "-wan", description = "List the servers of all datacenters.")
  private boolean wan;

  @Option(
      names = "-status",
      paramLabel = "PATTERN",
      description = "A regular expression: only members with such a status (.*).")
  private String status = ".*";

  @Option(
      names = "-filter",
      paramLabel = "EXPRESSION",
      description = "Only members that the expression is true for.")
  private String filter = "";

  private final Terminal terminal;

  MembersCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Pattern wanted = pattern();
    JsonNode all =
        agent
            .client(terminal)
            .get(Endpoint.of("agent/members").withIf(wan, "wan=1").withAny("filter", filter))
            .orFail("retrieving members")
            .json();
    List<JsonNode> members = new ArrayList<>();
    all.forEach(
        member -> {
          if (wanted.matcher(statusOf(member)).find()) {
            members.add(member);
          }
        });
    if (members.isEmpty()) {
      return NONE_FOUND;
    }
    members.sort(Comparator.comparing(member -> member.path("Name").asString()));
    (detailed ? tagged(members) : standard(members)).print(terminal.out());
    return Terminal.OK;
  }

  private Pattern pattern() {
    try {
      return Pattern.compile(status);
    } catch (PatternSyntaxException e) {
      throw new CommandFailed("Failed to compile status regexp: " + e.getDescription());
    }
  }

  private static TextTable standard(List<JsonNode> members) {
    var table =
        new TextTable(
            "Node", "Address", "Status", "Type", "Build", "Protocol", "DC", "Partition", "Segment");
    for (JsonNode member : members) {
      JsonNode tags = member.path("Tags");
      boolean isClient = tags.path("role").asString("").equals("node");
      table.add(
          member.path("Name").asString(),
          address(member),
          statusOf(member),
          isClient ? "client" : "server",
          tags.path("build").asString("").replaceFirst(":.*", ""),
          tags.path("vsn").asString(""),
          tags.path("dc").asString(""),
          tags.path("ap").asString("default"),
          isClient ? "<default>" : "<all>");
    }
    return table;
  }

  private static TextTable tagged(List<JsonNode> members) {
    var table = new TextTable("Node", "Address", "Status", "Tags");
    for (JsonNode member : members) {
      var tags = new TreeSet<String>();
      member
          .path("Tags")
          .properties()
          .forEach(tag -> tags.add(tag.getKey() + "=" + tag.getValue().asString()));
      table.add(
          member.path("Name").asString(),
          address(member),
          statusOf(member),
          String.join(",", tags));
    }
    return table;
  }

  private static String address(JsonNode member) {
    String host = member.path("Addr").asString();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return shown + ":" + member.path("Port").asInt();
  }

  private static String statusOf(JsonNode member) {
    int number = member.path("Status").asInt();
    return number >= 0 && number < STATUS.size() ? STATUS.get(number) : "unknown-" + number;
  }
}
