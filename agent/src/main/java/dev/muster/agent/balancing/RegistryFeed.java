package dev.muster.agent.balancing;

import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.tree.WatchSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the table of every change of the registry in this process, the moment it is applied.
///
/// The thread that applies the log only notes which services changed; threads of this class's own
/// translate them. Of changes that come faster than that, the last state of each service counts.
/// Names of services are in lower case here: the registry finds them without regard to case.
public final class RegistryFeed implements Registry.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryFeed.class);
  private static final long ENTRIES_WAIT_SECONDS = 60;

  private final Table table;
  private final Registry registry;
  private final Set<String> changed = new HashSet<>();
  private View view;
  private boolean everythingChanged = true;
  private boolean closed;
  private WatchSet entryWatches = new WatchSet();

  private RegistryFeed(Registry registry, Table table) {
    this.registry = registry;
    this.table = table;
    this.view = registry.localView();
  }

  /// Follows from what is known now on.
  public static RegistryFeed start(Registry registry, Table table) {
    var feed = new RegistryFeed(registry, table);
    registry.add(feed);
    feed.catchUp(registry.localView());
    Thread.ofVirtual().name("endpoint-feed").start(feed::run);
    Thread.ofVirtual().name("entry-feed").start(feed::followEntries);
    return feed;
  }

  /// Takes what was applied before this was a listener.
  private synchronized void catchUp(View later) {
    if (later.index() > view.index()) {
      view = later;
    }
  }

  @Override
  public synchronized void applied(Registry.Applied applied) {
    view = applied.view();
    applied.services().forEach(service -> changed.add(ServiceRules.lowerCase(service)));
    everythingChanged |= applied.isRestored();
    notifyAll();
  }

  private void run() {
    try {
      while (true) {
        Set<String> services;
        View current;
        boolean isAll;
        synchronized (this) {
          while (changed.isEmpty() && !everythingChanged && !closed) {
            wait();
          }
          if (closed) {
            return;
          }
          current = view;
          services = new HashSet<>(changed);
          isAll = everythingChanged;
          if (isAll) {
            for (String name : current.catalog().serviceNames(new WatchSet()).value().keySet()) {
              services.add(ServiceRules.lowerCase(name));
            }
          }
          changed.clear();
          everythingChanged = false;
        }
        feed(current, services, isAll);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void feed(View current, Set<String> services, boolean isAll) {
    try {
      Map<String, List<Instance>> instances = new HashMap<>();
      for (String service : services) {
        instances.put(service, current.catalog().instances(service));
      }
      if (isAll) {
        table.replace(instances);
      } else {
        table.change(instances);
      }
    } catch (RuntimeException e) {
      LOG.error("the balancer did not learn of {}", services, e);
    }
  }

  private void followEntries() {
    ServiceRules known = ServiceRules.NONE;
    try {
      while (!isClosed()) {
        WatchSet watches = nextWatches();
        ServiceRules rules = ServiceRules.of(registry.localView().entries(), watches);
        if (!rules.equals(known)) {
          known = rules;
          follow(rules);
        }
        watches.await(TimeUnit.SECONDS.toNanos(ENTRIES_WAIT_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(ServiceRules rules) {
    try {
      table.follow(rules);
    } catch (RuntimeException e) {
      LOG.error("the balancer did not learn of the configuration entries", e);
    }
  }

  private synchronized WatchSet nextWatches() {
    entryWatches = new WatchSet();
    return entryWatches;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    entryWatches.wake();
    notifyAll();
  }
}
