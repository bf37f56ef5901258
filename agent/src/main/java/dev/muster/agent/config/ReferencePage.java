package dev.muster.agent.config;

/// The page that lists every key, made from the table.
final class ReferencePage {
  private static final String INTRODUCTION =
      """
      # Configuration

      Made from the table of keys in module `agent`: change that, then run

          mvn test -pl agent -am -Dtest=ReferencePageTest -Dpage.write=true \\
              -Dsurefire.failIfNoSpecifiedTests=false

      Flags are written `-flag value` or `-flag=value`. Files, in HCL or JSON, are named by
      `-config-file FILE` and `-config-dir FOLDER` (`*.json` and `*.hcl` by their names), both
      repeatable. Later files win over earlier ones, flags over files; lists are appended.
      `-config-format hcl|json` says what the names do not, `-hcl 'key = value'` is a piece of HCL.
      `muster validate PATH…` checks files.

      **Reload**: SIGHUP and `PUT /v1/agent/reload` read everything again and take over what says
      *reload* here; what else changed is named and waits for the next start. A configuration with a
      problem changes nothing.

      Unknown keys are refused. A key without an effect is accepted with a warning, unless it says
      what holds anyway.
      """;

  private ReferencePage() {}

  static String render() {
    var page = new StringBuilder(INTRODUCTION);
    Keys.all()
        .byHeading()
        .forEach(
            (heading, keys) -> {
              page.append("\n## ").append(heading).append("\n\n");
              page.append("| key | flag | takes | normally | |\n|---|---|---|---|---|\n");
              keys.forEach(key -> page.append(row(key)));
            });
    return page.toString();
  }

  private static String row(Key key) {
    return "| %s | %s | %s | %s | %s |\n"
        .formatted(
            names(key),
            key.flag().isEmpty() ? "" : "`" + key.flag() + "`",
            key.effect() == Key.Effect.OLD ? "" : key.kind().described(),
            key.normal().isEmpty() || !key.hasNormal() ? key.normal() : "`" + key.normal() + "`",
            meaning(key).replace("|", "\\|"));
  }

  private static String names(Key key) {
    if (key.kind().form() != Kind.Form.GROUP) {
      return "`" + key.name() + "`";
    }
    return "`%s.` %s"
        .formatted(
            key.name(),
            String.join(
                ", ", key.kind().members().stream().sorted().map(it -> "`" + it + "`").toList()));
  }

  private static String meaning(Key key) {
    return switch (key.effect()) {
      case YES -> key.text();
      case RELOAD -> key.text() + " *Reload.*";
      case NO -> "No effect: " + key.text() + ".";
      case NEVER -> "Nothing else: " + key.text() + ".";
      case OLD -> "Old name of `" + key.text() + "`.";
    };
  }
}
