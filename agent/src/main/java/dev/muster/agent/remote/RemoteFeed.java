package dev.muster.agent.remote;

import dev.muster.agent.balancing.ServiceRules;
import dev.muster.agent.balancing.Table;
import dev.muster.agent.remote.RegistryClient.Answer;
import dev.muster.consul.config.EntryReading;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.entry.ConfigEntry;
import dev.muster.registry.entry.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Follows a registry over blocking queries: one virtual thread for the list of services, one for
/// each service, one for each kind of configuration entry.
///
/// It begins with all that the registry says, and begins again when a question fails or an index
/// goes backwards; until then the table keeps what it knows, and then it decides whether to believe
/// what is missing.
public final class RemoteFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteFeed.class);
  private static final long PAUSE_NANOS_MIN = 100_000_000L;
  private static final long PAUSE_NANOS_MAX = 10_000_000_000L;

  private final RegistryClient client;
  private final URI base;
  private final Table table;
  private final RandomGenerator random;
  private final List<Thread> watchers = new ArrayList<>();
  private final Map<String, Thread> services = new HashMap<>();
  private final Map<Kind, List<ConfigEntry>> entries = new EnumMap<>(Kind.class);
  private final Thread main;
  private int generation;
  private boolean isBroken;
  private boolean isClosed;

  private RemoteFeed(URI base, String token, Table table, RandomGenerator random) {
    this.client = new RegistryClient(base, token);
    this.base = base;
    this.table = table;
    this.random = random;
    this.main = Thread.ofVirtual().name("remote-feed").unstarted(this::run);
  }

  /// Follows until it is closed.
  ///
  /// @param base such as `http://127.0.0.1:8500`
  /// @param token empty for none
  /// @param random spreads out when several balancers ask again
  public static RemoteFeed start(URI base, String token, Table table, RandomGenerator random) {
    var feed = new RemoteFeed(base, token, table, random);
    feed.main.start();
    return feed;
  }

  private void run() {
    long pause = PAUSE_NANOS_MIN;
    while (!isOver()) {
      try {
        begin();
        LOG.info("following the registry at {}", base);
        pause = PAUSE_NANOS_MIN;
        awaitBreak();
      } catch (IOException e) {
        LOG.warn("the registry at {} does not answer: {}; what is known stays", base, e.toString());
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException e) {
        LOG.error("the registry at {} cannot be followed", base, e);
      }
      stopWatchers();
      LockSupport.parkNanos(pause / 2 + random.nextLong(pause / 2));
      pause = Math.min(PAUSE_NANOS_MAX, pause * 2);
    }
    stopWatchers();
  }

  private synchronized boolean isOver() {
    return isClosed || Thread.currentThread().isInterrupted();
  }

  private void begin() throws IOException, InterruptedException {
    synchronized (this) {
      generation++;
      isBroken = false;
    }
    int own = generation;
    Map<Kind, Long> kindIndexes = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      Answer answer = client.get("config/" + kind.word(), 0);
      keep(kind, answer.json());
      kindIndexes.put(kind, answer.index());
    }
    table.follow(rules());
    Answer list = client.get("catalog/services", 0);
    Map<String, List<Instance>> everything = new HashMap<>();
    Map<String, Long> indexes = new HashMap<>();
    for (String name : names(list.json())) {
      Answer answer = client.get(path(name), 0);
      everything.put(lower(name), InstanceReading.of(answer.json()));
      indexes.put(name, answer.index());
    }
    table.replace(everything);
    synchronized (this) {
      indexes.forEach(
          (name, index) -> services.put(name, watch(own, () -> follow(own, name, index))));
      watch(own, () -> followList(own, list.index()));
      kindIndexes.forEach((kind, index) -> watch(own, () -> follow(own, kind, index)));
    }
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.properties().forEach(each -> names.add(each.getKey()));
    return names;
  }

  private static String path(String service) {
    return "health/service/" + RegistryClient.encoded(service);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// What a watcher does until it cannot.
  private interface Watching {
    void run() throws IOException, InterruptedException;
  }

  private synchronized Thread watch(int own, Watching watching) {
    Thread thread =
        Thread.ofVirtual()
            .name("remote-watch")
            .unstarted(
                () -> {
                  try {
                    watching.run();
                  } catch (IOException e) {
                    LOG.warn(
                        "the registry at {} was lost: {}; what is known stays", base, e.toString());
                    broken(own);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  } catch (RuntimeException e) {
                    LOG.error("an answer of the registry at {} cannot be used", base, e);
                    broken(own);
                  }
                });
    watchers.add(thread);
    thread.start();
    return thread;
  }

  private void follow(int own, String service, long from) throws IOException, InterruptedException {
    long index = from;
    while (isCurrent(own)) {
      Answer answer = client.get(path(service), index);
      if (answer.index() < index) {
        throw new IOException("its indexes went backwards");
      }
      if (answer.index() > index) {
        index = answer.index();
        if (isCurrent(own)) {
          table.change(Map.of(lower(service), InstanceReading.of(answer.json())));
        }
      }
    }
  }

  private void followList(int own, long from) throws IOException, InterruptedException {
    long index = from;
    while (isCurrent(own)) {
      Answer answer = client.get("catalog/services", index);
      if (answer.index() < index) {
        throw new IOException("its indexes went backwards");
      }
      index = answer.index();
      List<String> names = names(answer.json());
      for (String name : names) {
        addService(own, name);
      }
      removeOthers(names);
    }
  }

  private synchronized void addService(int own, String name) {
    if (generation == own && !services.containsKey(name)) {
      // Index 0 does not wait: the first answer is what there is now.
      services.put(name, watch(own, () -> follow(own, name, 0)));
    }
  }

  private synchronized void removeOthers(List<String> names) {
    for (String name : List.copyOf(services.keySet())) {
      if (!names.contains(name)) {
        Thread gone = services.remove(name);
        if (gone != null) {
          gone.interrupt();
          watchers.remove(gone);
        }
        table.change(Map.of(lower(name), List.of()));
      }
    }
  }

  private void follow(int own, Kind kind, long from) throws IOException, InterruptedException {
    long index = from;
    while (isCurrent(own)) {
      Answer answer = client.get("config/" + kind.word(), index);
      if (answer.index() < index) {
        throw new IOException("its indexes went backwards");
      }
      if (answer.index() > index) {
        index = answer.index();
        keepAndFollow(kind, answer.json());
      }
    }
  }

  /// At once, lest an older state of another kind is followed last.
  private synchronized void keepAndFollow(Kind kind, JsonNode shown) {
    keep(kind, shown);
    table.follow(rules());
  }

  private synchronized void keep(Kind kind, JsonNode shown) {
    List<ConfigEntry> found = new ArrayList<>();
    for (JsonNode each : shown) {
      EntryReading.of(each).ifPresent(found::add);
    }
    entries.put(kind, found);
  }

  private synchronized ServiceRules rules() {
    return ServiceRules.of(entries.values().stream().flatMap(List::stream).toList());
  }

  private synchronized boolean isCurrent(int own) {
    return !isClosed && generation == own && !isBroken;
  }

  private synchronized void broken(int own) {
    if (generation == own) {
      isBroken = true;
      notifyAll();
    }
  }

  private synchronized void awaitBreak() throws InterruptedException {
    while (!isBroken && !isClosed) {
      wait();
    }
  }

  private synchronized void stopWatchers() {
    isBroken = true;
    watchers.forEach(Thread::interrupt);
    watchers.clear();
    services.clear();
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      notifyAll();
    }
    main.interrupt();
    stopWatchers();
    client.close();
  }
}
