package dev.muster.nginx.compile;

import dev.muster.balancer.variable.AddressTable;
import dev.muster.balancer.variable.ForwardedFor;
import dev.muster.balancer.variable.Geo;
import dev.muster.balancer.variable.Mapping;
import dev.muster.balancer.variable.SplitClients;
import dev.muster.balancer.variable.SplitClients.Share;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.Variable;
import dev.muster.nginx.compile.Texts.Expression;
import dev.muster.nginx.language.Directive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `map`, `geo` and `split_clients`: variables that are looked up.
record Lookups(Texts texts) {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})(?:\\.(\\d{1,2}))?%");

  private static boolean isLookup(Directive directive) {
    return switch (directive.name()) {
      case "map", "geo", "split_clients" -> true;
      default -> false;
    };
  }

  /// Promises the variables, so that whatever is read can name them.
  void reserve(List<Directive> http) {
    for (Directive directive : http) {
      if (isLookup(directive)) {
        String name = directive.word(directive.size() - 1);
        if (name.startsWith("$") && name.length() > 1) {
          texts.variables().reserve(name.substring(1));
        }
      }
    }
  }

  /// Declares them.
  void declare(List<Directive> http) {
    for (Directive directive : http) {
      if (isLookup(directive)) {
        texts
            .declared(directive, directive.word(directive.size() - 1))
            .ifPresent(name -> declare(directive, name));
      }
    }
  }

  private void declare(Directive directive, String name) {
    switch (directive.name()) {
      case "map" -> map(directive, name);
      case "geo" -> texts.variables().declareCached(name, geo(directive));
      default -> split(directive).ifPresent(it -> texts.variables().declareCached(name, it));
    }
  }

  private void map(Directive directive, String name) {
    boolean isOfHosts = false;
    boolean isVolatile = false;
    Optional<Template> otherwise = Optional.empty();
    Set<String> seen = new HashSet<>();
    List<Mapping.Line> lines = new ArrayList<>();
    for (Directive entry : directive.inside()) {
      isOfHosts |= entry.size() == 0 && entry.name().equals("hostnames");
    }
    for (Directive entry : directive.inside()) {
      String key = entry.name();
      if (entry.size() == 0 && (key.equals("hostnames") || key.equals("volatile"))) {
        isVolatile |= key.equals("volatile");
      } else if (entry.size() != 1) {
        texts.findings().error(entry, "invalid number of the map parameters");
      } else if (!key.startsWith("~") && !seen.add(key)) {
        texts
            .findings()
            .error(
                entry,
                key.equals("default")
                    ? "duplicate default map parameter"
                    : "conflicting parameter \"" + key + "\"");
      } else if (key.equals("default")) {
        otherwise = Optional.of(texts.template(entry, entry.word(0)));
      } else {
        Template value = texts.template(entry, entry.word(0));
        keys(entry, isOfHosts).forEach(each -> lines.add(new Mapping.Line(each, value)));
      }
    }
    Mapping mapping =
        new Mapping(
            texts.template(directive, directive.word(0)),
            lines,
            otherwise.orElse(Template.literal("")),
            isOfHosts);
    if (isVolatile) {
      texts.variables().declare(name, mapping);
    } else {
      texts.variables().declareCached(name, mapping);
    }
  }

  private List<Mapping.Key> keys(Directive entry, boolean isOfHosts) {
    String key = entry.name();
    if (key.startsWith("~")) {
      boolean ignoresCase = key.startsWith("~*");
      Expression expression =
          texts.expression(entry, key.substring(ignoresCase ? 2 : 1), ignoresCase);
      return List.of(new Mapping.Key.Matching(expression.pattern(), expression.groups().slots()));
    }
    if (isOfHosts && key.startsWith("*.")) {
      return List.of(new Mapping.Key.Below(key.substring(1)));
    }
    if (isOfHosts && key.startsWith(".")) {
      return List.of(new Mapping.Key.Text(key.substring(1)), new Mapping.Key.Below(key));
    }
    if (isOfHosts && key.endsWith(".*")) {
      return List.of(new Mapping.Key.Starting(key.substring(0, key.length() - 1)));
    }
    return List.of(new Mapping.Key.Text(key.startsWith("\\") ? key.substring(1) : key));
  }

  private Variable geo(Directive directive) {
    boolean hasRanges = false;
    boolean isRecursive = false;
    boolean hasProxies = false;
    String otherwise = "";
    AddressTable.Builder<String> table = new AddressTable.Builder<>();
    AddressTable.Builder<Boolean> proxies = new AddressTable.Builder<>();
    for (Directive entry : directive.inside()) {
      String key = entry.name();
      if (entry.size() == 0) {
        hasRanges |= key.equals("ranges");
        isRecursive |= key.equals("proxy_recursive");
        if (!key.equals("ranges") && !key.equals("proxy_recursive")) {
          texts.findings().error(entry, "invalid number of the geo parameters");
        }
        continue;
      }
      String value = entry.word(0);
      boolean isFine =
          switch (key) {
            case "default" -> {
              otherwise = value;
              yield true;
            }
            case "proxy" -> {
              hasProxies = true;
              yield proxies.network(value, true);
            }
            case "delete" -> {
              if (!table.remove(value)) {
                texts.findings().warn(entry, "no network \"" + value + "\" to delete");
              }
              yield true;
            }
            default -> hasRanges ? table.range(key, value) : table.network(key, value);
          };
      if (!isFine) {
        String wrong = key.equals("proxy") ? value : key;
        texts
            .findings()
            .error(entry, "invalid " + (hasRanges ? "range" : "network") + " \"" + wrong + "\"");
      }
    }
    return new Geo(
        directive.size() == 2
            ? Optional.of(texts.template(directive, directive.word(0)))
            : Optional.empty(),
        hasProxies ? Optional.of(new ForwardedFor(proxies.build(), isRecursive)) : Optional.empty(),
        table.build(),
        otherwise);
  }

  private Optional<Variable> split(Directive directive) {
    List<Share> shares = new ArrayList<>();
    for (Directive entry : directive.inside()) {
      Matcher percent = PERCENT.matcher(entry.name());
      int hundredths = 0;
      if (!entry.name().equals("*")) {
        hundredths = percent.matches() ? hundredths(percent) : 0;
        if (hundredths == 0) {
          texts.findings().error(entry, "invalid percent value \"" + entry.name() + "\"");
          return Optional.empty();
        }
      }
      if (entry.size() != 1) {
        texts.findings().error(entry, "invalid number of the split_clients parameters");
        return Optional.empty();
      }
      shares.add(new Share(hundredths, entry.word(0)));
    }
    try {
      return Optional.of(new SplitClients(texts.template(directive, directive.word(0)), shares));
    } catch (IllegalArgumentException e) {
      texts.findings().error(directive, "percent total is greater than 100%");
      return Optional.empty();
    }
  }

  private static int hundredths(Matcher percent) {
    String rest = percent.group(2) == null ? "" : percent.group(2);
    String padded = (rest + "00").substring(0, 2);
    return Integer.parseInt(percent.group(1)) * 100 + Integer.parseInt(padded);
  }
}
