package dev.muster.health;

import dev.muster.health.probe.Result;
import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Follows the checks of another instance, or of a node, as soon as they change. Owned by the
/// thread `health`.
final class AliasFollower implements Run {
  private static final int TURNS_MAX = 4;
  private static final int REST_MILLIS = 100;

  private final Clockwork clockwork;
  private final Registry registry;
  private final Reporter reporter;
  private final String node;
  private final String serviceId;
  private final Timer retry;
  private String serviceName = "";
  private boolean missing = true;
  private boolean reporting;
  private boolean isResting;

  /// Reports since it last had nothing to report.
  private int turns;

  AliasFollower(Clockwork clockwork, Registry registry, Reporter reporter, Probe.Alias alias) {
    this.clockwork = clockwork;
    this.registry = registry;
    this.reporter = reporter;
    node = alias.node().isEmpty() ? reporter.ref().node() : alias.node();
    serviceId = alias.serviceId();
    retry = new Timer(clockwork);
  }

  @Override
  public void start() {
    follow();
  }

  @Override
  public void stop() {
    retry.end();
  }

  /// Something changed that this may depend on.
  ///
  /// @param nodes of the checks that changed, in lower case
  void changed(Registry.Applied applied, Set<String> nodes) {
    boolean concerns =
        missing
            || applied.services().contains(serviceName)
            || nodes.contains(node.toLowerCase(Locale.ROOT))
            || applied.checks().contains(reporter.ref());
    if (concerns) {
      follow();
    }
  }

  /// One report at a time, so that an older one never comes after a newer.
  private void follow() {
    if (reporting || isResting || retry.hasEnded()) {
      return;
    }
    View view = registry.localView();
    Optional<Check> own = view.catalog().check(reporter.ref());
    if (own.isEmpty()) {
      return;
    }
    serviceName = view.catalog().service(node, serviceId).map(Service::name).orElse("");
    missing = serviceId.isEmpty() ? view.catalog().node(node).isEmpty() : serviceName.isEmpty();
    Result result = target(view);
    if (!reporter.isNews(result, own.get())) {
      turns = 0;
      return;
    }
    turns++;
    reporting = true;
    clockwork.aside(
        () -> {
          boolean told = reporter.report(result);
          clockwork.execute(() -> reported(told));
        });
  }

  private void reported(boolean told) {
    reporting = false;
    if (!told) {
      retry.set(RETRY, this::follow);
    } else if (turns < TURNS_MAX) {
      follow();
    } else {
      isResting = true;
      retry.set(rest(), this::goOn);
    }
  }

  private void goOn() {
    isResting = false;
    follow();
  }

  /// Two that follow each other and turn at the same time would turn for ever: each rests for a
  /// time of its own.
  private Duration rest() {
    return Duration.ofMillis(REST_MILLIS + Math.floorMod(reporter.ref().hashCode(), REST_MILLIS));
  }

  private Result target(View view) {
    if (serviceId.isEmpty()) {
      return view.catalog().node(node).isPresent()
          ? worst(others(view.catalog().checksAt(node, "")))
          : new Result(Check.Status.CRITICAL, "Node %s could not be found".formatted(node));
    }
    if (view.catalog().service(node, serviceId).isEmpty()) {
      return new Result(
          Check.Status.CRITICAL,
          "Service %s could not be found on node %s".formatted(serviceId, node));
    }
    List<Check> checks = new ArrayList<>(view.catalog().checksAt(node, ""));
    checks.addAll(view.catalog().checksAt(node, serviceId));
    return worst(others(checks));
  }

  /// Without this check itself: what made it critical once would keep it so.
  private List<Check> others(List<Check> checks) {
    CheckRef own = reporter.ref();
    return checks.stream()
        .filter(check -> !(check.id().equals(own.id()) && check.node().equals(own.node())))
        .toList();
  }

  /// As bad as the worst of them, in the words of the first that is.
  static Result worst(List<Check> checks) {
    Check worst = null;
    for (Check check : checks) {
      if (worst == null || check.status().compareTo(worst.status()) > 0) {
        worst = check;
      }
    }
    if (worst == null) {
      return new Result(Check.Status.PASSING, "No checks found.");
    }
    if (worst.status() == Check.Status.PASSING) {
      return new Result(Check.Status.PASSING, "All checks passing.");
    }
    String output = "Aliased check \"%s\" failing: %s".formatted(worst.name(), worst.output());
    return new Result(worst.status(), Result.cut(output, Probe.OUTPUT_BYTES_MAX));
  }
}
