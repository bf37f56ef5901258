package dev.muster.agent;

import dev.muster.agent.config.Definitions;
import dev.muster.agent.config.Definitions.DefinedCheck;
import dev.muster.agent.config.Definitions.DefinedService;
import dev.muster.consul.form.CheckForm;
import dev.muster.consul.form.ServiceForm;
import dev.muster.health.probe.ScriptChecks;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.RegistryUnavailable;
import dev.muster.registry.Reply;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Keeps the registry in step with the services and checks that files define.
///
/// The registry outlives the server, so the ids that came from files are kept in a file beside it:
/// what is no longer defined goes, whether that is noticed at a reload or at the next start. What
/// was registered through the API has other ids and is never touched. Thread-safe; one change waits
/// for the other.
final class LocalDefinitions {
  private static final String INVALID_STATUS =
      "Status for checks must 'passing', 'warning', 'critical'";
  private static final String SCRIPTS_OFF =
      ": this server runs no scripts; that they are enabled takes effect at the next start";

  private final Registry registry;
  private final String nodeName;
  private final Path record;
  private final ScriptChecks scripts;
  private Definitions applied = Definitions.NONE;

  /// @param record the file that keeps the ids
  /// @param scripts whose scripts this server runs until it ends, whatever files say meanwhile
  LocalDefinitions(Registry registry, String nodeName, Path record, ScriptChecks scripts) {
    this.registry = registry;
    this.nodeName = nodeName;
    this.record = record;
    this.scripts = scripts;
  }

  /// What is registered from files: lines such as `service web` and `check web:1`.
  private record Line(String kind, String id) {
    static Line of(String text) {
      int blank = text.indexOf(' ');
      return new Line(text.substring(0, blank), text.substring(blank + 1));
    }

    @Override
    public String toString() {
      return kind + " " + id;
    }
  }

  /// Registers what is defined, deregisters what is no longer. If it does not fit what is there,
  /// nothing is changed.
  ///
  /// @return what could not be done, each a sentence with its place
  /// @throws RegistryUnavailable if the registry cannot take it now
  synchronized List<String> apply(Definitions definitions) throws IOException {
    Set<Line> former = read();
    Set<Line> current = lines(definitions);
    List<String> misfits = misfits(definitions, former, current);
    if (!misfits.isEmpty()) {
      return misfits;
    }
    applied = definitions;
    if (former.isEmpty() && current.isEmpty()) {
      return List.of();
    }
    Set<Line> both = new LinkedHashSet<>(former);
    both.addAll(current);
    // First, so that nothing is forgotten if the server ends half-way.
    write(both);
    List<String> problems = register(definitions);
    former.stream().filter(line -> !current.contains(line)).forEach(this::deregister);
    write(current);
    return problems;
  }

  /// Checks of services that will not be there, neither in files nor registered by somebody else;
  /// and scripts that would be registered and never run.
  private List<String> misfits(Definitions definitions, Set<Line> former, Set<Line> current) {
    List<String> misfits = new ArrayList<>();
    for (DefinedService service : definitions.services()) {
      if (service.form().checks().stream().anyMatch(this::isOff)) {
        misfits.add(described(service) + SCRIPTS_OFF);
      }
    }
    for (DefinedCheck check : definitions.checks()) {
      if (isOff(check.form())) {
        misfits.add(described(check) + SCRIPTS_OFF);
      }
      var service = new Line("service", check.form().serviceId());
      boolean isThere =
          service.id().isEmpty()
              || current.contains(service)
              || (!former.contains(service) && isRegistered(service.id()));
      if (!isThere) {
        misfits.add(ofNobody(check));
      }
    }
    return misfits;
  }

  private boolean isOff(CheckForm check) {
    return check.probe() instanceof Probe.Script script
        && !scripts.refusal(script.isFromFile()).isEmpty();
  }

  private boolean isRegistered(String serviceId) {
    return registry.view().catalog().service(nodeName, serviceId).isPresent();
  }

  private static String described(DefinedService service) {
    return "%s: service \"%s\"".formatted(service.place(), service.form().id());
  }

  private static String described(DefinedCheck check) {
    return "%s: check \"%s\"".formatted(check.place(), check.id());
  }

  private static String ofNobody(DefinedCheck check) {
    return "%s: there is no service \"%s\" on this node"
        .formatted(described(check), check.form().serviceId());
  }

  /// Registers again what was applied last: the registry was replaced by one that may not know it.
  ///
  /// @return what could not be done, each a sentence with its place
  /// @throws RegistryUnavailable if the registry cannot take it now
  synchronized List<String> applyAgain() {
    return register(applied);
  }

  private List<String> register(Definitions definitions) {
    List<String> problems = new ArrayList<>();
    definitions.services().forEach(service -> register(service, problems));
    definitions.checks().forEach(check -> register(check, problems));
    return problems;
  }

  private Set<Line> lines(Definitions definitions) {
    Set<Line> lines = new LinkedHashSet<>();
    for (DefinedService service : definitions.services()) {
      lines.add(new Line("service", service.form().id()));
      service.form().checksOn(nodeName).forEach(check -> lines.add(new Line("check", check.id())));
    }
    definitions.checks().forEach(check -> lines.add(new Line("check", check.id())));
    return lines;
  }

  private void register(DefinedService defined, List<String> problems) {
    ServiceForm form = defined.form();
    Service service = new Service(nodeName, form.id(), form.definition(), 0, 0);
    submit(
        new Command.Register(nodeName, null, service, form.checksOn(nodeName), false),
        described(defined),
        problems);
  }

  private void register(DefinedCheck defined, List<String> problems) {
    CheckForm form = defined.form();
    if (!form.serviceId().isEmpty() && !isRegistered(form.serviceId())) {
      problems.add(ofNobody(defined));
      return;
    }
    Check check = form.check(nodeName, defined.id(), form.name(), form.serviceId(), INVALID_STATUS);
    submit(
        new Command.Register(nodeName, null, null, List.of(check), false),
        described(defined),
        problems);
  }

  private void submit(Command command, String what, List<String> problems) {
    switch (registry.submit(command)) {
      case Reply.Done _, Reply.Results _ -> {}
      case Reply.Unmet _, Reply.Failed _ -> problems.add(what + ": was not registered");
      case Reply.Refused(String message) -> problems.add(what + ": " + message);
    }
  }

  private void deregister(Line line) {
    boolean isService = line.kind().equals("service");
    registry.submit(
        new Command.Deregister(
            nodeName, isService ? line.id() : "", isService ? "" : line.id(), ""));
  }

  private Set<Line> read() throws IOException {
    Set<Line> lines = new LinkedHashSet<>();
    if (Files.exists(record)) {
      Files.readAllLines(record).stream()
          .filter(line -> line.indexOf(' ') > 0)
          .map(Line::of)
          .forEach(lines::add);
    }
    return lines;
  }

  private void write(Set<Line> lines) throws IOException {
    Path half = record.resolveSibling(record.getFileName() + ".new");
    Files.write(half, lines.stream().map(Line::toString).toList());
    Files.move(half, record, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
