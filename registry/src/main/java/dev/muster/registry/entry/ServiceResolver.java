package dev.muster.registry.entry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which instances stand for a service: named subsets, another service, or others if there is none.
///
/// @param defaultSubset what is taken if no subset is asked for; empty: all instances
/// @param redirect what stands for the service instead; then nothing else matters
/// @param failover by subset, or `*`: where to go if it has no healthy instance
public record ServiceResolver(
    @Shown String name,
    String defaultSubset,
    Map<String, Subset> subsets,
    @Nullable Redirect redirect,
    Map<String, Failover> failover,
    Duration connectTimeout,
    Duration requestTimeout,
    @Nullable LoadBalancer loadBalancer,
    Map<String, String> meta)
    implements ConfigEntry {

  /// A named part of the instances.
  ///
  /// @param filter an expression that instances must satisfy; empty: all
  /// @param onlyPassing whether instances with a warning are left out, too
  public record Subset(String filter, boolean onlyPassing) {}

  /// What stands for the service.
  public record Redirect(String service, String serviceSubset, String datacenter) {
    boolean isEmpty() {
      return service.isEmpty() && serviceSubset.isEmpty() && datacenter.isEmpty();
    }
  }

  /// Where to go: either the first three, or `targets`.
  public record Failover(
      String service,
      String serviceSubset,
      List<String> datacenters,
      List<Target> targets,
      @Nullable Policy policy) {
    public Failover {
      datacenters = Copies.of(datacenters);
      targets = Copies.of(targets);
    }

    boolean isEmpty() {
      return service.isEmpty()
          && serviceSubset.isEmpty()
          && datacenters.isEmpty()
          && targets.isEmpty();
    }
  }

  /// A place to fail over to.
  public record Target(String service, String serviceSubset, String datacenter) {}

  /// How failing over goes about.
  ///
  /// @param mode empty, `default` or `order-by-locality`
  public record Policy(String mode, List<String> regions) {
    public Policy {
      regions = Copies.of(regions);
    }
  }

  public ServiceResolver {
    subsets = Copies.of(subsets);
    failover = Copies.of(failover);
    meta = Copies.of(meta);
  }

  /// Whether the subset can be asked for.
  public boolean hasSubset(String subset) {
    return subset.isEmpty() || subsets.containsKey(subset);
  }

  @Override
  public ServiceResolver normalized() {
    return this;
  }

  @Override
  public void check() throws InvalidEntry {
    InvalidEntry.unless(!name.isEmpty(), "Name is required");
    Copies.checkMeta(meta);
    for (String subset : subsets.keySet()) {
      checkSubset(subset);
    }
    InvalidEntry.unless(
        hasSubset(defaultSubset), "DefaultSubset \"%s\" is not a valid subset", defaultSubset);
    if (redirect != null) {
      checkRedirect(redirect);
    }
    for (Map.Entry<String, Failover> entry : failover.entrySet()) {
      checkFailover(entry.getKey(), entry.getValue());
    }
    checkTimeout("ConnectTimeout", connectTimeout);
    checkTimeout("RequestTimeout", requestTimeout);
    if (loadBalancer != null) {
      loadBalancer.check();
    }
  }

  private static void checkTimeout(String field, Duration timeout) throws InvalidEntry {
    InvalidEntry.unless(
        !timeout.isNegative(), "Bad %s '-%ds', must be >= 0", field, timeout.negated().toSeconds());
  }

  private static void checkSubset(String subset) throws InvalidEntry {
    InvalidEntry.unless(!subset.isEmpty(), "Subset defined with empty name");
    InvalidEntry.unless(
        subset.length() <= 63,
        "Subset \"%s\" is invalid: must be non-empty and 63 characters or fewer",
        subset);
    InvalidEntry.unless(
        subset.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
        "Subset \"%s\" is invalid: must be 63 characters or fewer, begin or end with lower case"
            + " alphanumeric characters, and contain lower case alphanumeric characters or '-' in"
            + " between",
        subset);
  }

  private void checkRedirect(Redirect to) throws InvalidEntry {
    InvalidEntry.unless(failover.isEmpty(), "Redirect and Failover cannot both be set");
    InvalidEntry.unless(!to.isEmpty(), "Redirect is empty");
    InvalidEntry.unless(
        !to.service().isEmpty() || to.serviceSubset().isEmpty(),
        "Redirect.ServiceSubset defined without Redirect.Service");
    InvalidEntry.unless(
        !to.service().equals(name) || hasSubset(to.serviceSubset()),
        "Redirect.ServiceSubset \"%s\" is not a valid subset of \"%s\"",
        to.serviceSubset(),
        name);
  }

  private void checkFailover(String subset, Failover to) throws InvalidEntry {
    String bad = "Bad Failover[\"" + subset + "\"]";
    requireThat(
        subset.equals("*") || subsets.containsKey(subset), bad + ": not a valid subset subset");
    requireThat(
        !to.isEmpty(),
        bad + ": one of Service, ServiceSubset, Namespace, Targets, or Datacenters is required");
    requireThat(
        to.policy() == null
            || List.of("", "default", "order-by-locality").contains(to.policy().mode()),
        bad + ": Policy must be one of '', 'default', or 'order-by-locality'");
    requireThat(
        !isOwn(to.service()) || hasSubset(to.serviceSubset()),
        "%s: ServiceSubset \"%s\" is not a valid subset of \"%s\""
            .formatted(bad, to.serviceSubset(), to.service()));
    boolean hasTargets = !to.targets().isEmpty();
    requireThat(
        !hasTargets || to.datacenters().isEmpty(),
        bad + ": Targets cannot be set with Datacenters");
    requireThat(
        !hasTargets || to.serviceSubset().isEmpty(),
        bad + ": Targets cannot be set with ServiceSubset");
    requireThat(
        !hasTargets || to.service().isEmpty(), bad + ": Targets cannot be set with Service");
    for (int i = 0; i < to.targets().size(); i++) {
      Target target = to.targets().get(i);
      requireThat(
          !isOwn(target.service()) || hasSubset(target.serviceSubset()),
          "%s.Targets[%d]: ServiceSubset \"%s\" is not a valid subset of \"%s\""
              .formatted(bad, i, target.serviceSubset(), name));
    }
    requireThat(!to.datacenters().contains(""), bad + ".Datacenters: found empty datacenter");
  }

  private boolean isOwn(String service) {
    return service.isEmpty() || service.equals(name);
  }

  /// The reason may hold any character of the entry, so it is no format.
  private static void requireThat(boolean holds, String reason) throws InvalidEntry {
    InvalidEntry.unless(holds, "%s", reason);
  }

  @Override
  public List<String> references() {
    List<String> services = new ArrayList<>();
    if (redirect != null) {
      services.add(redirect.service());
    }
    for (Failover each : failover.values()) {
      services.add(each.service());
      each.targets().forEach(target -> services.add(target.service()));
    }
    return services.stream().filter(service -> !isOwn(service)).distinct().toList();
  }
}
