package dev.muster.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Type;

class PathTest {
  private static Path path(String labels) {
    return path(labels, Type.A);
  }

  private static Path path(String labels, int type) {
    return Path.of(labels.isEmpty() ? List.of() : List.of(labels.split("\\.")), type, "dc1");
  }

  private static Path service(String name, String tag) {
    return new Path.OfService(name, tag);
  }

  @Test
  void tagsMayHaveDots() {
    assertThat(path("web.service")).isEqualTo(service("web", ""));
    assertThat(path("v1.web.service")).isEqualTo(service("web", "v1"));
    assertThat(path("a.b.web.service")).isEqualTo(service("web", "a.b"));
  }

  @Test
  void namesMayBeTheWordsOfKinds() {
    assertThat(path("service.service")).isEqualTo(service("service", ""));
    assertThat(path("node.query.service")).isEqualTo(service("query", "node"));
    assertThat(path("service.node")).isEqualTo(new Path.OfNode("service"));
  }

  @Test
  void rfc2782() {
    assertThat(path("_web._tcp.service")).isEqualTo(service("web", ""));
    assertThat(path("_web._v1.service")).isEqualTo(service("web", "v1"));
    assertThat(path("_web._tcp.service.dc1")).isEqualTo(service("web", ""));
    assertThat(path("_web._v1", Type.SRV)).isEqualTo(service("web", "v1"));
    assertThat(path("_web._tcp.dc1.dc", Type.SRV)).isEqualTo(service("web", ""));
    assertThat(path("_web._v1")).as("only for SRV").isEqualTo(new Path.Nowhere());
  }

  @Test
  void nodesAndQueriesMayHaveDots() {
    assertThat(path("a.b.node")).isEqualTo(new Path.OfNode("a.b"));
    assertThat(path("a.b.query")).isEqualTo(new Path.OfQuery("a.b"));
    assertThat(path("_a.b._tcp.query")).isEqualTo(new Path.OfQuery("a.b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web.service.dc1",
        "web.service.dc1.dc",
        "web.service.default.ns",
        "web.service.default.ap",
        "web.service.default.ns.default.ap.dc1.dc",
        "web.service.dc1.dc.default.ns"
      })
  void placesThatAreHere(String name) {
    assertThat(path(name)).isEqualTo(service("web", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web.service.dc2",
        "web.service.dc2.dc",
        "web.service.other.ns",
        "web.service.other.ap",
        "web.service.east.peer",
        "web.service.default.dc1",
        "web.service.a.b.c",
        "web.connect",
        "web.ingress",
        "web.virtual",
        "a.0a000001.addr",
        "service",
        "node",
        "query",
        "web",
        "we\0b.service",
        ""
      })
  void namesThatLeadNowhere(String name) {
    assertThat(path(name)).isEqualTo(new Path.Nowhere());
  }
}
