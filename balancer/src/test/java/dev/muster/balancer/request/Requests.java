package dev.muster.balancer.request;

import dev.muster.balancer.http1.RequestHead;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.SplittableRandom;

/// Requests as they would be read from a connection of 192.0.2.7:4711 to 10.0.0.1:8080.
public final class Requests {
  private static final Surroundings SURROUNDINGS =
      new Surroundings(
          InstantSource.fixed(Instant.parse("2026-02-03T04:05:06.078Z")),
          ZoneId.of("+02:00"),
          new SplittableRandom(1),
          "box",
          42);

  private Requests() {}

  /// With this head, its blank line left out, not yet in a virtual server.
  public static Request read(String head) {
    RequestHead read = new RequestHead(8192, 8192, 100);
    byte[] bytes = (head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    int end = read.parse(bytes, 0, bytes.length);
    if (end != bytes.length) {
      throw new IllegalArgumentException(head + " -> " + end);
    }
    Client client =
        new Client(
            new InetSocketAddress("192.0.2.7", 4711),
            new InetSocketAddress("10.0.0.1", 8080),
            SURROUNDINGS,
            () -> 1_234_567_890L,
            9);
    client.requested();
    return new Request(client, read, 0);
  }

  /// A GET of a target in a virtual server named `server.test`.
  public static Request get(String target) {
    Request request = read("GET " + target + " HTTP/1.1\r\nHost: Example.test:81");
    if (!request.enter(Site.named("server.test"))) {
      throw new IllegalArgumentException(target + " is refused");
    }
    return request;
  }
}
