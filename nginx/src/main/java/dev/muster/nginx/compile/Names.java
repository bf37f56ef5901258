package dev.muster.nginx.compile;

import dev.muster.balancer.config.ServerName;
import dev.muster.nginx.compile.Texts.Expression;
import dev.muster.nginx.language.Directive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `server_name`: whole names, names that start or end with a star, expressions.
///
/// @param hostname what `$hostname` stands for
record Names(Texts texts, String hostname) {

  /// The names of a server; the empty one for a server without.
  List<ServerName> of(Level server) {
    List<ServerName> names = new ArrayList<>();
    for (Directive directive : server.here("server_name")) {
      directive.texts().forEach(name -> add(directive, name, names));
    }
    return names.isEmpty() ? List.of(new ServerName.Exact("")) : names.stream().distinct().toList();
  }

  private void add(Directive at, String written, List<ServerName> names) {
    if (written.startsWith("~")) {
      names.add(matching(at, written.substring(1)));
      return;
    }
    String name = written.equals("$hostname") ? hostname : written;
    name = name.toLowerCase(Locale.ROOT);
    boolean isShort = name.length() < 2;
    if (isWrongStar(name) || (isShort && (name.equals(".") || name.equals("*")))) {
      texts.findings().error(at, "server name \"" + written + "\" is invalid");
      return;
    }
    if (name.indexOf('/') >= 0) {
      texts.findings().warn(at, "server name \"" + written + "\" has suspicious symbols");
    }
    if (name.startsWith("*.")) {
      names.add(new ServerName.Below(name.substring(1)));
    } else if (name.endsWith(".*")) {
      names.add(new ServerName.Starting(name.substring(0, name.length() - 1)));
    } else if (name.startsWith(".")) {
      names.add(new ServerName.Exact(name.substring(1)));
      names.add(new ServerName.Below(name));
    } else {
      names.add(new ServerName.Exact(name));
    }
  }

  /// A star is a whole label, the first or the last.
  private static boolean isWrongStar(String name) {
    return (name.startsWith("*") && (name.length() < 3 || name.charAt(1) != '.'));
  }

  private ServerName matching(Directive at, String source) {
    if (source.isEmpty()) {
      texts.findings().error(at, "empty regex in server name \"~\"");
    }
    // nginx compares names without regard to case, whatever the expression says.
    Expression expression = texts.expression(at, source, true);
    return new ServerName.Matching(expression.pattern(), expression.groups());
  }
}
