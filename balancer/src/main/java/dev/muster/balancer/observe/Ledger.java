package dev.muster.balancer.observe;

import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.LateFact;
import java.util.List;

/// Where the requests of a location are entered when they are over: its numbers and its access
/// logs. Each loop enters its own.
public final class Ledger {
  private final String server;
  private final String location;
  private final Traffic traffic;
  private final AccessLog[] logs;

  Ledger(String server, String location, Traffic traffic, List<AccessLog> logs) {
    this.server = server;
    this.location = location;
    this.traffic = traffic;
    this.logs = logs.toArray(AccessLog[]::new);
  }

  /// One that is kept by nobody and writes nothing.
  public static Ledger apart(String location) {
    return new Ledger("", location, new Traffic(), List.of());
  }

  /// The virtual server, empty for routes that services ask for.
  public String server() {
    return server;
  }

  /// What the location is called.
  public String location() {
    return location;
  }

  /// Its numbers.
  public Traffic traffic() {
    return traffic;
  }

  List<AccessLog> logs() {
    return List.of(logs);
  }

  /// Whether a request's head is asked for when it is over.
  public boolean writesLogs() {
    return logs.length > 0;
  }

  /// Whether a log needs to be told that of every request.
  public boolean asks(LateFact fact) {
    for (AccessLog log : logs) {
      if (log.asks(fact)) {
        return true;
      }
    }
    return false;
  }

  /// A request is over.
  public void enter(Request request, int loop, LogLines lines) {
    traffic.ended(loop, request.outcome());
    for (AccessLog log : logs) {
      log.write(request, location, lines);
    }
  }
}
