package dev.muster.services.starter;

import java.util.Optional;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Says whether this instance can serve: it is not shutting down, and its store answers.
///
/// The event that it listens to comes before anything is stopped, so an instance says no before it
/// leaves the registry and long before its port is shut.
final class Readiness implements ApplicationListener<ContextClosedEvent> {
  private final JdbcClient jdbc;
  private volatile boolean isShuttingDown;

  Readiness(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Why this instance cannot serve now; empty if it can. Asks the store.
  Optional<String> refusal() {
    if (isShuttingDown) {
      return Optional.of("The service is shutting down");
    }
    try {
      jdbc.sql("select 1").query(Integer.class).single();
      return Optional.empty();
    } catch (DataAccessException e) {
      return Optional.of("The store does not answer: " + e.getMostSpecificCause().getMessage());
    }
  }

  boolean isShuttingDown() {
    return isShuttingDown;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    isShuttingDown = true;
  }
}
