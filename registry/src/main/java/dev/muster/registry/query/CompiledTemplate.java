package dev.muster.registry.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A template that makes a query for each name. Immutable.
///
/// In all texts of what it asks for, `${…}` stands for `name.full`, `name.prefix` (the template's
/// own name), `name.suffix` (the rest), `agent.segment` (empty: there are no segments) or
/// `match(N)`, the N-th group of the regular expression; `$${` is `${` itself.
final class CompiledTemplate {
  private final PreparedQuery query;
  private final Optional<RegularExpression> pattern;

  private CompiledTemplate(PreparedQuery query, Optional<RegularExpression> pattern) {
    this.query = query;
    this.pattern = pattern;
  }

  static CompiledTemplate of(PreparedQuery query) throws InvalidTemplate {
    String type = query.template().type();
    if (!type.equals(PreparedQuery.Template.PREFIX_MATCH)) {
      throw new InvalidTemplate("Bad Template.Type '" + type + "'");
    }
    var template = new CompiledTemplate(query, pattern(query.template().regexp()));
    template.render(query.name());
    return template;
  }

  private static Optional<RegularExpression> pattern(String regexp) throws InvalidTemplate {
    if (regexp.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(RegularExpression.of(regexp));
    } catch (IllegalArgumentException e) {
      throw new InvalidTemplate("Bad Regexp: " + e.getMessage());
    }
  }

  PreparedQuery query() {
    return query;
  }

  /// The query for a name that starts with the template's.
  PreparedQuery render(String name) throws InvalidTemplate {
    List<String> groups = pattern.map(it -> it.groups(name)).orElse(List.of());
    var texts = new Texts(query.name(), name, groups);
    PreparedQuery.Target service = query.service();
    PreparedQuery.Failover failover = service.failover();
    List<PreparedQuery.FailoverTarget> targets = new ArrayList<>();
    for (PreparedQuery.FailoverTarget target : failover.targets()) {
      targets.add(
          new PreparedQuery.FailoverTarget(texts.render("Failover.Targets", target.datacenter())));
    }
    List<String> tags = texts.render("Tags", service.tags());
    if (query.template().removeEmptyTags()) {
      tags.removeIf(tag -> tag.isBlank());
    }
    return query.with(
        new PreparedQuery.Target(
            texts.render("Service", service.service()),
            new PreparedQuery.Failover(
                failover.nearestN(),
                texts.render("Failover.Datacenters", failover.datacenters()),
                targets),
            service.onlyPassing(),
            texts.render("IgnoreCheckIDs", service.ignoreCheckIds()),
            texts.render("Near", service.near()),
            tags,
            texts.render("NodeMeta", service.nodeMeta()),
            texts.render("ServiceMeta", service.serviceMeta()),
            service.connect()));
  }

  /// What the expressions in texts stand for, for one name.
  private record Texts(String prefix, String name, List<String> groups) {

    List<String> render(String field, List<String> texts) throws InvalidTemplate {
      List<String> rendered = new ArrayList<>();
      for (String text : texts) {
        rendered.add(render(field + "[" + rendered.size() + "]", text));
      }
      return rendered;
    }

    Map<String, String> render(String field, Map<String, String> texts) throws InvalidTemplate {
      Map<String, String> rendered = new TreeMap<>();
      for (Map.Entry<String, String> text : texts.entrySet()) {
        rendered.put(text.getKey(), render(field + "[" + text.getKey() + "]", text.getValue()));
      }
      return rendered;
    }

    String render(String field, String text) throws InvalidTemplate {
      StringBuilder rendered = new StringBuilder();
      int at = 0;
      while (at < text.length()) {
        if (text.startsWith("$${", at)) {
          rendered.append("${");
          at += 3;
        } else if (text.startsWith("${", at)) {
          int end = text.indexOf('}', at);
          if (end < 0) {
            throw new InvalidTemplate(bad(field, text) + "expected closing brace, found EOF");
          }
          rendered.append(value(field, text, text.substring(at + 2, end).strip()));
          at = end + 1;
        } else {
          rendered.append(text.charAt(at++));
        }
      }
      return rendered.toString();
    }

    private String value(String field, String text, String expression) throws InvalidTemplate {
      return switch (expression) {
        case "name.full" -> name;
        case "name.prefix" -> prefix;
        case "name.suffix" -> name.substring(Math.min(prefix.length(), name.length()));
        case "agent.segment" -> "";
        default -> group(field, text, expression);
      };
    }

    private String group(String field, String text, String expression) throws InvalidTemplate {
      if (!expression.matches("match\\(\\s*\\d{1,4}\\s*\\)")) {
        throw new InvalidTemplate(
            bad(field, text)
                + "unknown expression '"
                + expression
                + "', there are name.full, name.prefix, name.suffix, agent.segment and match(N)");
      }
      int number = Integer.parseInt(expression.substring(6, expression.length() - 1).strip());
      return number < groups.size() ? groups.get(number) : "";
    }

    private static String bad(String field, String text) {
      return "Bad format '" + text + "' in Service." + field + ": ";
    }
  }
}
