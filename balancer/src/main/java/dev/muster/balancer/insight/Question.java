package dev.muster.balancer.insight;

import java.util.List;

/// A request that nobody sends: what would become of it?
///
/// @param method such as `GET`
/// @param host as the Host field would have it
/// @param target path and query
/// @param headers further lines, `Name: value`
/// @param client the IP address it would come from
/// @param port of the socket it would come in by; 0 for the one where routes of services are
public record Question(
    String method, String host, String target, List<String> headers, String client, int port) {
  /// Refuses what could not stand in one line each.
  public Question {
    headers = List.copyOf(headers);
    String all = method + host + target + client + String.join("", headers);
    if (all.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException("control characters cannot be part of a request");
    }
  }

  String head() {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ").append(host);
    headers.forEach(line -> head.append("\r\n").append(line));
    return head.append("\r\n\r\n").toString();
  }
}
