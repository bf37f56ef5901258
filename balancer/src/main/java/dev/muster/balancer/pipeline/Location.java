package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ProxyConfig.Retry;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.ResponseHead;
import dev.muster.balancer.observe.Ledger;
import dev.muster.balancer.request.HeaderLines;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.response.ResponseRules;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.variable.LateFact;
import org.jspecify.annotations.Nullable;

/// What is done with the requests of one location, ready to be done. Immutable.
public final class Location {
  private static final Step[] NO_STEPS = {};

  private final String name;
  private final LocationConfig config;
  private final Step[] steps;
  private final @Nullable Cluster cluster;
  private final @Nullable Forwarding forwarding;
  private final @Nullable ResponseRules rules;
  private final Ledger ledger;
  private final boolean asksLater;
  private final boolean asksSent;
  private final boolean asksReceived;
  private final Retry retry;
  private final long hedgeNanos;
  private final long connectNanos;
  private final long readNanos;

  private Location(
      String name,
      LocationConfig config,
      Step[] steps,
      @Nullable Cluster cluster,
      @Nullable Forwarding forwarding,
      @Nullable ResponseRules rules,
      Ledger ledger) {
    this.name = name;
    this.config = config;
    this.steps = steps;
    this.cluster = cluster;
    this.forwarding = forwarding;
    this.rules = rules;
    this.ledger = ledger;
    this.retry = config.proxy().map(ProxyConfig::retry).orElse(Retry.defaults());
    this.hedgeNanos = retry.hedgeAfter().toNanos();
    this.asksSent = asks(LateFact.SENT_HEADERS, rules, ledger);
    this.asksReceived = asks(LateFact.RECEIVED_HEADERS, rules, ledger);
    this.asksLater = ledger.writesLogs() || (rules != null && rules.asksLater());
    this.connectNanos = config.proxy().map(it -> it.timeouts().connect().toNanos()).orElse(0L);
    this.readNanos = config.proxy().map(it -> it.timeouts().read().toNanos()).orElse(0L);
  }

  private static boolean asks(LateFact fact, @Nullable ResponseRules rules, Ledger ledger) {
    return ledger.asks(fact) || (rules != null && rules.asks(fact));
  }

  /// One whose requests go to an instance of a cluster at once.
  public static Location to(
      Cluster cluster, LocationConfig config, Forwarding forwarding, Ledger ledger) {
    return new Location(cluster.name(), config, NO_STEPS, cluster, forwarding, null, ledger);
  }

  /// One with steps, the last of which may leave the answer to a cluster.
  public static Location of(
      String name,
      LocationConfig config,
      Step[] steps,
      @Nullable Cluster cluster,
      @Nullable Forwarding forwarding,
      @Nullable ResponseRules rules,
      Ledger ledger) {
    return new Location(name, config, steps.clone(), cluster, forwarding, rules, ledger);
  }

  /// One without anything, for what has no location.
  public static Location none(String name, Ledger ledger) {
    LocationConfig config = LocationConfig.of(new LocationConfig.Match.Prefix("/", false));
    return new Location(name, config, NO_STEPS, null, null, null, ledger);
  }

  /// What it is called in messages.
  public String name() {
    return name;
  }

  /// What it was made from.
  public LocationConfig config() {
    return config;
  }

  /// How many steps there are.
  public int stepCount() {
    return steps.length;
  }

  /// How many of them, the first ones, are for every request of a server whose root this is.
  public int rewriteCount() {
    int count = 0;
    while (count < steps.length
        && (steps[count] instanceof FindingClient || steps[count] instanceof Rewriting)) {
      count++;
    }
    return count;
  }

  /// A step.
  public Step step(int index) {
    return steps[index];
  }

  /// Who answers, if the steps do not.
  public @Nullable Cluster cluster() {
    return cluster;
  }

  /// How requests are written for the cluster; null if there is none.
  public @Nullable Forwarding forwarding() {
    return forwarding;
  }

  /// Where its requests are entered when they are over.
  public Ledger ledger() {
    return ledger;
  }

  /// What is done with answers; null if they pass as they are.
  public @Nullable ResponseRules rules() {
    return rules;
  }

  /// Whether the request's head is asked for after it was sent on.
  public boolean asksLater() {
    return asksLater;
  }

  /// When another instance is asked.
  public Retry retry() {
    return retry;
  }

  /// After how long without an answer a second instance is asked; 0 for never.
  public long hedgeNanos() {
    return hedgeNanos;
  }

  /// How long to wait for a connection; what is given if nothing is configured.
  public long connectNanosOr(long otherwise) {
    return connectNanos == 0 ? otherwise : connectNanos;
  }

  /// How long to wait for the next octets of a response; what is given if nothing is configured.
  public long readNanosOr(long otherwise) {
    return readNanos == 0 ? otherwise : readNanos;
  }

  /// Appends the header lines that the location adds to answers of a status, behind all others.
  public void addHeaders(Request request, int status, HeadWriter out) {
    request.outcome().answered(status);
    if (asksSent) {
      request.sends(new HeaderLines(out.bytes(), 0, out.length()));
    }
    if (rules != null && rules.adds()) {
      rules.writeAdded(request, status, out);
      if (asksSent) {
        request.sends(new HeaderLines(out.bytes(), 0, out.length()));
      }
    }
  }

  /// Keeps what an instance answered, if that is asked for.
  public void received(Request request, ResponseHead head) {
    if (asksReceived) {
      byte[] lines = head.headers().lines();
      request.receives(new HeaderLines(lines, 0, lines.length));
    }
  }
}
