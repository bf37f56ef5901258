package dev.muster.nginx.compile;

import dev.muster.balancer.config.RequestConfig;
import dev.muster.balancer.config.RequestConfig.RealIp;
import dev.muster.balancer.config.RequestConfig.Redirects;
import dev.muster.balancer.config.RequestConfig.Source;
import dev.muster.balancer.variable.AddressTable;
import dev.muster.balancer.variable.ForwardedFor;
import dev.muster.nginx.language.Directive;
import java.util.List;
import java.util.Optional;

/// How a server reads requests and redirects: `merge_slashes`, `absolute_redirect` and its like,
/// `set_real_ip_from`. What locations say about these does not count.
record Requests(Findings findings) {
  RequestConfig of(Level server) {
    return new RequestConfig(
        server.flag("merge_slashes", true),
        new Redirects(
            server.flag("absolute_redirect", true),
            server.flag("server_name_in_redirect", false),
            server.flag("port_in_redirect", true)),
        realIp(server));
  }

  private Optional<RealIp> realIp(Level server) {
    List<Directive> trusted = server.all("set_real_ip_from");
    if (trusted.isEmpty()) {
      return Optional.empty();
    }
    AddressTable.Builder<Boolean> networks = new AddressTable.Builder<>();
    for (Directive each : trusted) {
      // There are no clients of sockets of this machine yet.
      boolean isKnown = each.word(0).equals("unix:") || networks.network(each.word(0), true);
      if (!isKnown) {
        findings.error(
            each, "host not found in set_real_ip_from \"" + each.word(0) + "\"", "use an address");
      }
    }
    String header = server.find("real_ip_header").map(found -> found.word(0)).orElse("X-Real-IP");
    Source source =
        header.equals("proxy_protocol") ? new Source.ProxyProtocol() : new Source.Header(header);
    return Optional.of(
        new RealIp(
            source, new ForwardedFor(networks.build(), server.flag("real_ip_recursive", false))));
  }
}
