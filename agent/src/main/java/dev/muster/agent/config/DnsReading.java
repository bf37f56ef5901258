package dev.muster.agent.config;

import dev.muster.agent.hcl.Place;
import dev.muster.agent.hcl.Value;
import dev.muster.consul.form.GoDuration;
import dev.muster.dns.DnsConfig;
import dev.muster.dns.DnsConfig.Answering;
import dev.muster.dns.DnsConfig.Recursion;
import dev.muster.dns.DnsConfig.RecursorStrategy;
import dev.muster.dns.DnsConfig.Soa;
import dev.muster.dns.DnsConfig.Ttls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the settings of the DNS face from checked values.
final class DnsReading {
  private static final int DNS_PORT = 53;

  private final Values values;
  private final Problems problems;

  DnsReading(Values values, Problems problems) {
    this.values = values;
    this.problems = problems;
  }

  /// @param datacenter that answers are about
  DnsConfig config(String datacenter) {
    return new DnsConfig(
        datacenter,
        domain("domain").orElse("consul."),
        domain("alt_domain"),
        new Ttls(values.duration("dns_config.node_ttl"), serviceTtls()),
        new Answering(
            values.isOn("dns_config.only_passing"),
            values.isOn("dns_config.enable_additional_node_meta_txt"),
            values.number("dns_config.a_record_limit"),
            values.number("dns_config.udp_answer_limit"),
            values.isOn("dns_config.enable_truncate"),
            !values.isOn("dns_config.disable_compression")),
        new Soa(
            seconds("dns_config.soa.refresh"),
            seconds("dns_config.soa.retry"),
            seconds("dns_config.soa.expire"),
            seconds("dns_config.soa.min_ttl")),
        new Recursion(recursors(), strategy(), values.duration("dns_config.recursor_timeout")),
        values.isOn("dns_config.allow_stale"),
        DnsConfig.defaults().limits());
  }

  /// Tried alone: a domain that is none must not hide the other problems.
  private Optional<String> domain(String key) {
    Optional<String> domain = values.text(key).filter(text -> !text.isEmpty());
    try {
      domain.ifPresent(
          text -> {
            var _ = DnsConfig.defaults().withDomains(text, Optional.empty());
          });
      return domain;
    } catch (IllegalArgumentException e) {
      problems.add(values.place(key), key, "" + e.getMessage());
      return Optional.empty();
    }
  }

  private Map<String, Duration> serviceTtls() {
    Map<String, Duration> ttls = new LinkedHashMap<>();
    Kind ttl = Keys.all().get("dns_config.node_ttl").kind();
    Place place = values.place("dns_config.service_ttl");
    values
        .map("dns_config.service_ttl")
        .forEach(
            (service, text) -> {
              Optional<String> problem = ttl.problem(new Value.Text(text, place));
              if (problem.isPresent()) {
                problems.add(place, "dns_config.service_ttl", service + ": " + problem.get());
              } else {
                ttls.put(service, GoDuration.parse(text).orElseThrow());
              }
            });
    return ttls;
  }

  private Duration seconds(String key) {
    return Duration.ofSeconds(values.number(key));
  }

  private RecursorStrategy strategy() {
    String word = values.textOrFail("dns_config.recursor_strategy");
    return switch (word) {
      case "sequential" -> RecursorStrategy.SEQUENTIAL;
      case "random" -> RecursorStrategy.RANDOM;
      default -> {
        problems.add(
            values.place("dns_config.recursor_strategy"),
            "dns_config.recursor_strategy",
            "\"" + word + "\" is not sequential or random");
        yield RecursorStrategy.SEQUENTIAL;
      }
    };
  }

  private List<InetSocketAddress> recursors() {
    List<InetSocketAddress> recursors = new ArrayList<>();
    for (Value value : values.all("recursors")) {
      String text = Values.text(value);
      socketAddress(text)
          .ifPresentOrElse(
              recursors::add,
              () ->
                  problems.add(
                      value.place(),
                      "recursors",
                      "\"%s\" is not an address such as 8.8.8.8 or [2001:db8::1]:53"
                          .formatted(text)));
    }
    return recursors;
  }

  /// An IP address with or without a port.
  private static Optional<InetSocketAddress> socketAddress(String text) {
    Optional<String> alone = Kind.ip(text);
    if (alone.isPresent()) {
      return Optional.of(new InetSocketAddress(alone.get(), DNS_PORT));
    }
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 0 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      return Optional.empty();
    }
    String host = text.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
    return Kind.ip(host).map(ip -> new InetSocketAddress(ip, Integer.parseInt(port)));
  }
}
