package dev.muster.demo;

import java.nio.file.Path;
import java.util.List;

/// What to start.
///
/// @param home the folder of this program: its launcher and the services are found below it
/// @param java the `java` of a JDK 25, for the services
/// @param httpPort the agent's API (8500); 0 takes a free one, as for the others
/// @param dnsPort the agent's DNS (8600)
/// @param balancerPort the balancer (8080)
/// @param isColored whether names are shown in colours
public record DemoConfig(
    Path home, Path java, int httpPort, int dnsPort, int balancerPort, boolean isColored) {

  /// The services of the sample, each with the path that it serves.
  static final List<Sample> SAMPLES =
      List.of(
          new Sample("user", "/users", "user_id", "user_info"),
          new Sample("order", "/orders", "order_id", "order_info"));

  /// One of the services.
  record Sample(String kind, String path, String idMember, String infoMember) {
    String service() {
      return kind + "-service";
    }

    String database() {
      return kind + "s";
    }
  }
}
