package dev.muster.services.starter;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoRegistration;
import org.springframework.cloud.consul.serviceregistry.ConsulRegistration;
import org.springframework.context.SmartLifecycle;

/// Keeps this instance in the registry for as long as it can serve.
///
/// Spring Cloud registers once, when the port is open. That is not enough here: the agent may come
/// up later than the service, or forget it. So this class asks the registry for the instance again
/// and again, and registers it whenever it is missing. On shutdown it takes the instance out first
/// and leaves the callers a moment to notice.
///
/// One thread looks after the registration; [#stop] ends it before it deregisters, so a
/// registration never comes last.
final class Membership implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration FIRST_TRIES = Duration.ofSeconds(1);
  private static final Duration AGENT_PATIENCE = Duration.ofSeconds(2);

  private final ServiceRegistry<ConsulRegistration> registry;
  private final DiscoveryClient discovery;
  private final ConsulAutoRegistration registration;
  private final WebServerApplicationContext context;
  private final Readiness readiness;
  private final ServiceProperties properties;
  private final CountDownLatch stopping = new CountDownLatch(1);

  private volatile @Nullable Thread keeper;
  private volatile boolean isAnnounced;
  private boolean isListed;
  private boolean isAgentAway;

  Membership(
      ServiceRegistry<ConsulRegistration> registry,
      DiscoveryClient discovery,
      ConsulAutoRegistration registration,
      WebServerApplicationContext context,
      Readiness readiness,
      ServiceProperties properties) {
    this.registry = registry;
    this.discovery = discovery;
    this.registration = registration;
    this.context = context;
    this.readiness = readiness;
    this.properties = properties;
  }

  @Override
  public void start() {
    var server = context.getWebServer();
    if (server == null) {
      throw new IllegalStateException("There is no web server whose port could be registered");
    }
    registration.initializePort(server.getPort());
    keeper = Thread.ofVirtual().name("membership").start(this::keep);
  }

  private void keep() {
    try {
      do {
        look();
      } while (!stopping.await(pause().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration pause() {
    Duration interval = properties.registrationInterval();
    return isListed || interval.compareTo(FIRST_TRIES) < 0 ? interval : FIRST_TRIES;
  }

  /// One round: registers this instance if it can serve and is not listed, or was not registered by
  /// this process.
  private void look() {
    try {
      isListed = isListedNow();
      boolean isMissing = !isListed || !isAnnounced;
      if (isMissing && readiness.refusal().isEmpty() && stopping.getCount() > 0) {
        isAnnounced = true;
        registry.register(registration);
        isListed = isListedNow();
      }
      isAgentAway = false;
    } catch (RuntimeException e) {
      if (!isAgentAway) {
        LOG.info("No answer from the Consul agent, will go on asking: {}", e.getMessage());
      }
      isAgentAway = true;
    }
  }

  /// True if the registry has this id with this port; a predecessor that was killed may have left
  /// its own.
  private boolean isListedNow() {
    return discovery.getInstances(registration.getServiceId()).stream()
        .anyMatch(
            instance ->
                registration.getInstanceId().equals(instance.getInstanceId())
                    && registration.getPort() == instance.getPort());
  }

  @Override
  public void stop() {
    stopping.countDown();
    Thread thread = keeper;
    keeper = null;
    if (thread == null) {
      return;
    }
    try {
      // Left running, a call to a dead agent would hold up the shutdown; cut short, it could still
      // register us.
      if (!thread.join(AGENT_PATIENCE)) {
        thread.interrupt();
        thread.join(AGENT_PATIENCE);
      }
      if (!isAnnounced) {
        return;
      }
      Thread leave = Thread.ofVirtual().name("leave").start(this::leave);
      if (!leave.join(AGENT_PATIENCE)) {
        leave.interrupt();
      }
      Thread.sleep(properties.drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void leave() {
    try {
      registry.deregister(registration);
    } catch (RuntimeException e) {
      LOG.info("Not deregistered: {}", e.getMessage());
    }
  }

  @Override
  public boolean isRunning() {
    return keeper != null;
  }

  /// Started after the web server and stopped before it, whose phases are lower.
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
