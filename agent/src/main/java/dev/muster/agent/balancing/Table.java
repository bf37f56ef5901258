package dev.muster.agent.balancing;

import dev.muster.balancer.Balancer;
import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.registry.catalog.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the balancer is told, whoever knows it: instances and entries of a registry, in the process
/// or far away, and a file. Thread-safe; its lock comes before the balancer's.
public final class Table implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Table.class);
  private static final long TICK_MILLIS = 200;

  private final Balancer balancer;
  private final TableSettings settings;
  private final LongSupplier nanoTime;
  private final EndpointTranslation translation;
  private final Chance chance;
  private final LastGood lastGood;
  private final Departures departures;
  private final Map<String, List<Instance>> instances = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private ServiceRules rules = ServiceRules.NONE;
  private Configuration file = Configuration.empty();
  private Configuration entries = Configuration.empty();
  private Configuration wanted = Configuration.empty();
  private boolean isClosed;

  private Table(
      Balancer balancer, TableSettings settings, LongSupplier nanoTime, RandomGenerator random) {
    this.balancer = balancer;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.translation = new EndpointTranslation(settings.datacenter(), settings.takesWarned());
    this.chance = new Chance(random);
    this.lastGood = new LastGood(settings.lossPercentMax(), settings.kept().toNanos());
    this.departures = new Departures(settings.drain().toNanos());
  }

  /// One that watches deadlines until it is closed.
  ///
  /// @param nanoTime the clock of deadlines
  public static Table start(
      Balancer balancer, TableSettings settings, LongSupplier nanoTime, RandomGenerator random) {
    var table = new Table(balancer, settings, nanoTime, random);
    Thread.ofVirtual().name("balancer-table").start(table::watch);
    return table;
  }

  /// Takes all instances of some services; none of one that is gone.
  public synchronized void change(Map<String, List<Instance>> changed) {
    boolean hasOthers = false;
    for (Map.Entry<String, List<Instance>> each : changed.entrySet()) {
      hasOthers |= keep(each.getKey(), each.getValue());
      lastGood.take(each.getKey(), translate(each.getKey()));
      tell(each.getKey());
    }
    if (hasOthers) {
      compile();
    }
  }

  /// Takes all instances of all services, which replace whatever was known.
  public synchronized void replace(Map<String, List<Instance>> everything) {
    instances.clear();
    everything.forEach(this::keep);
    Map<String, List<Endpoint>> endpoints = new HashMap<>();
    instances.keySet().forEach(service -> endpoints.put(service, translate(service)));
    LastGood.Judgement judgement = lastGood.replace(endpoints, nanoTime.getAsLong());
    if (judgement.isKept()) {
      LOG.warn(
          "the registry lost {} of {} instances at once: they are kept for {} s unless it has them"
              + " back",
          judgement.missing(),
          judgement.before(),
          settings.kept().toSeconds());
    }
    Set<String> services = lastGood.services();
    services.addAll(told);
    services.forEach(this::tell);
    compile();
  }

  /// Returns whether the service came or went.
  private boolean keep(String service, List<Instance> all) {
    if (all.isEmpty()) {
      return instances.remove(service) != null;
    }
    return instances.put(service, List.copyOf(all)) == null;
  }

  private List<Endpoint> translate(String service) {
    return translation.endpoints(
        service, instances.getOrDefault(service, List.of()), rules.resolvers().get(service));
  }

  /// One service that the balancer refuses must not keep the others from it.
  private void tell(String service) {
    long now = nanoTime.getAsLong();
    try {
      List<Endpoint> endpoints = departures.show(service, lastGood.shown(service, now), now);
      balancer.endpoints().replace(service, endpoints);
      if (endpoints.isEmpty()) {
        told.remove(service);
      } else {
        told.add(service);
      }
    } catch (RuntimeException e) {
      LOG.error("the balancer does not take the instances of {}", service, e);
    }
  }

  /// Takes other entries: first the parts of services that they make, then the ways to them.
  public synchronized void follow(ServiceRules others) {
    Set<String> touched = new TreeSet<>(rules.resolvers().keySet());
    touched.addAll(others.resolvers().keySet());
    ServiceRules before = rules;
    touched.removeIf(
        service ->
            before.resolvers().containsKey(service)
                && before.resolvers().get(service).equals(others.resolvers().get(service)));
    rules = others;
    for (String service : touched) {
      lastGood.take(service, translate(service));
      tell(service);
    }
    compile();
  }

  /// Takes what a file says; throws as [Balancer#apply] does, and then what was said before holds.
  public synchronized void follow(Configuration other) {
    Configuration before = file;
    file = other;
    try {
      balancer.apply(file.and(entries));
    } catch (IllegalStateException | IllegalArgumentException e) {
      file = before;
      balancer.apply(file.and(entries));
      throw e;
    }
  }

  private void compile() {
    Compiled compiled =
        EntryCompiler.compile(
            rules, instances.keySet(), settings.datacenter(), settings.address(), chance);
    if (compiled.configuration().equals(wanted)) {
      return;
    }
    wanted = compiled.configuration();
    compiled.problems().forEach(problem -> LOG.warn("{}", problem));
    entries = wanted;
    try {
      balancer.apply(file.and(entries));
    } catch (IllegalStateException | IllegalArgumentException e) {
      LOG.warn("not all that the registry's entries want can be done: {}", e.getMessage());
      openWhatCanBe();
    }
  }

  /// One gateway after another: a port that is taken must not keep the others closed.
  private void openWhatCanBe() {
    List<ServerConfig> open = new ArrayList<>();
    for (ServerConfig server : wanted.servers()) {
      open.add(server);
      entries = withServers(open);
      try {
        balancer.apply(file.and(entries));
      } catch (IllegalStateException | IllegalArgumentException e) {
        open.removeLast();
        LOG.warn("{} is not opened: {}", server.where(), e.getMessage());
      }
    }
    entries = withServers(open);
    balancer.apply(file.and(entries));
  }

  private Configuration withServers(List<ServerConfig> open) {
    return new Configuration(open, wanted.upstreams(), wanted.zones(), wanted.chains());
  }

  /// How many instances are kept because the registry lost them with most others.
  public synchronized int keptCount() {
    return lastGood.keptCount();
  }

  private synchronized void watch() {
    try {
      while (!isClosed) {
        wait(TICK_MILLIS);
        long now = nanoTime.getAsLong();
        Set<String> due = lastGood.expire(now);
        if (!due.isEmpty()) {
          LOG.warn("instances of {} were kept long enough and are out now", due);
        }
        due.addAll(departures.due(now));
        due.forEach(this::tell);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    notifyAll();
  }
}
