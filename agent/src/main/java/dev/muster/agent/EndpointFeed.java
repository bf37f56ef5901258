package dev.muster.agent;

import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoints;
import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.tree.WatchSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the balancer of every change of the catalog, the moment it is applied.
///
/// The thread that applies the log only notes which services changed; a thread of this class's own
/// translates them. Of changes that come faster than that, the last state of each service counts.
/// Names of services are in lower case here: the registry finds them without regard to case.
final class EndpointFeed implements Registry.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointFeed.class);

  private final Endpoints endpoints;
  private final Set<String> changed = new HashSet<>();
  private final Set<String> known = new HashSet<>();
  private View view;
  private boolean everythingChanged = true;
  private boolean closed;

  private EndpointFeed(Endpoints endpoints, View view) {
    this.endpoints = endpoints;
    this.view = view;
  }

  static EndpointFeed start(Registry registry, Endpoints endpoints) {
    var feed = new EndpointFeed(endpoints, registry.localView());
    registry.add(feed);
    feed.catchUp(registry.localView());
    Thread.ofVirtual().name("endpoint-feed").start(feed::run);
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
    applied.services().forEach(service -> changed.add(lowerCase(service)));
    everythingChanged |= applied.isRestored();
    notifyAll();
  }

  private void run() {
    try {
      while (true) {
        Set<String> services;
        View current;
        synchronized (this) {
          while (changed.isEmpty() && !everythingChanged && !closed) {
            wait();
          }
          if (closed) {
            return;
          }
          current = view;
          services = new HashSet<>(changed);
          if (everythingChanged) {
            services.addAll(known);
            for (String name : current.catalog().serviceNames(new WatchSet()).value().keySet()) {
              services.add(lowerCase(name));
            }
          }
          changed.clear();
          everythingChanged = false;
        }
        services.forEach(service -> feed(current, service));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One service that the balancer refuses must not keep the others from it.
  private void feed(View current, String service) {
    try {
      List<Endpoint> instances =
          current.catalog().instances(service).stream()
              .map(instance -> endpoint(instance, service))
              .toList();
      endpoints.replace(service, instances);
      if (instances.isEmpty()) {
        known.remove(service);
      } else {
        known.add(service);
      }
    } catch (RuntimeException e) {
      LOG.error("the balancer does not take the instances of {}", service, e);
    }
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static Endpoint endpoint(Instance instance, String service) {
    var definition = instance.service().definition();
    return new Endpoint(
        instance.node().name() + "/" + instance.service().id(),
        service,
        instance.address(),
        definition.port(),
        definition.weights().passing(),
        state(instance),
        definition.tags());
  }

  private static Endpoint.State state(Instance instance) {
    if (instance.isInMaintenance()) {
      return Endpoint.State.MAINTENANCE;
    }
    Check.Status status = instance.status();
    return switch (status) {
      case PASSING -> Endpoint.State.PASSING;
      case WARNING -> Endpoint.State.WARNING;
      case CRITICAL -> Endpoint.State.CRITICAL;
    };
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
