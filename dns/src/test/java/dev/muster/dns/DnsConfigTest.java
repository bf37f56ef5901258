package dev.muster.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsConfigTest {
  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void everyDefault() {
    assertThat(DnsConfig.defaults())
        .isEqualTo(
            new DnsConfig(
                "dc1",
                "consul.",
                Optional.empty(),
                new DnsConfig.Ttls(seconds(0), Map.of()),
                new DnsConfig.Answering(false, true, 0, 3, false, true),
                new DnsConfig.Soa(seconds(3600), seconds(600), seconds(86_400), seconds(0)),
                new DnsConfig.Recursion(
                    List.of(), DnsConfig.RecursorStrategy.SEQUENTIAL, seconds(2)),
                true,
                new DnsConfig.Limits(2048, 512, 1024, 64, 32, seconds(10))));
  }

  @ParameterizedTest
  @CsvSource({"db,1", "DB,1", "db-a,2", "db-long-a,3", "other,4"})
  void theMostSpecificTimeToLiveHolds(String service, long ttl) {
    var ttls =
        new DnsConfig.Ttls(
            seconds(0),
            Map.of("Db", seconds(1), "db*", seconds(2), "db-long*", seconds(3), "*", seconds(4)));
    assertThat(ttls.of(service)).isEqualTo(seconds(ttl));
  }

  @Test
  void withoutAStarTheOthersHaveNone() {
    var ttls = new DnsConfig.Ttls(seconds(9), Map.of("db", seconds(1)));
    assertThat(ttls.of("dbx")).isZero();
  }

  @Test
  void domainsAreKeptInOneForm() {
    var config = DnsConfig.defaults().withDomains("Example.COM", Optional.of("alt."));
    assertThat(config.domain()).isEqualTo("example.com.");
    assertThat(config.altDomain()).contains("alt.");
    assertThat(DnsConfig.defaults().withDomains("a", Optional.of("")).altDomain()).isEmpty();
  }

  @Test
  void badSettingsAreRefusedByName() {
    assertThatThrownBy(() -> DnsConfig.defaults().withDomains("a..b", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"a..b\" is not a domain");
    assertThatThrownBy(() -> new DnsConfig.Answering(false, true, 0, -1, false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dns_config.udp_answer_limit cannot be -1");
    assertThatThrownBy(() -> new DnsConfig.Answering(false, true, -2, 3, false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dns_config.a_record_limit cannot be -2");
  }
}
