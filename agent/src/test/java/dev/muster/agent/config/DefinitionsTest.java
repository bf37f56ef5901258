package dev.muster.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Probe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionsTest {
  @TempDir Path folder;

  private Sources dev() {
    return Sources.dev(folder);
  }

  @Test
  void aServiceInConsulsWords() {
    Definitions definitions =
        dev()
            .file(
                "web.hcl",
                """
                service {
                  id = "web-1"
                  name = "web"
                  tags = ["primary", "v1"]
                  address = "10.0.0.7"
                  port = 8000
                  enable_tag_override = true
                  meta = { version = "3" }
                  weights { passing = 5 warning = 1 }
                  tagged_addresses { lan { address = "10.0.0.8" port = 80 } }
                  check {
                    id = "alive"
                    http = "http://10.0.0.7:8000/health"
                    header { x = ["1", "2"] }
                    interval = "10s"
                    deregister_critical_service_after = "1h30m"
                  }
                }
                """)
            .config()
            .definitions();
    var form = definitions.services().getFirst().form();
    assertThat(form.id()).isEqualTo("web-1");
    assertThat(form.definition().tags()).containsExactly("primary", "v1");
    assertThat(form.definition().enableTagOverride()).isTrue();
    assertThat(form.definition().weights().passing()).isEqualTo(5);
    assertThat(form.definition().taggedAddresses()).containsKey("lan");
    assertThat(form.checks()).hasSize(1);
    Probe probe = form.checks().getFirst().probe();
    assertThat(probe).isInstanceOf(Probe.Http.class);
    assertThat(probe.deregisterAfter()).isEqualTo(Duration.ofMinutes(90));
    assertThat(definitions.services().getFirst().place().toString()).endsWith("web.hcl:1:1");
  }

  @Test
  void listsAndRepeatedBlocksAndSeveralFiles() {
    Definitions definitions =
        dev()
            .file("a.hcl", "service { name = \"a\" }\nservice { name = \"b\" }")
            .file("b.json", "{\"services\": [{\"name\": \"c\"}, {\"Name\": \"d\"}]}")
            .file("c.hcl", "services { name = \"e\" } checks { name = \"k1\" ttl = \"5s\" }")
            .file("d.hcl", "check { name = \"k2\" tcp = \"a:1\" interval = \"1s\" }")
            .config()
            .definitions();
    assertThat(definitions.services())
        .extracting(each -> each.form().id())
        .containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    assertThat(definitions.checks())
        .extracting(Definitions.DefinedCheck::id)
        .containsExactlyInAnyOrder("k1", "k2");
  }

  @Test
  void severalChecksOfOneServiceInAnyForm() {
    String two = "check { ttl = \"1s\" } check { ttl = \"2s\" }";
    String list = "checks = [{ ttl = \"1s\" }, { ttl = \"2s\" }]";
    String one = "checks { ttl = \"1s\" } check { ttl = \"2s\" }";
    for (String checks : new String[] {two, list, one}) {
      assertThat(
              dev()
                  .file("a.hcl", "service { name = \"a\" " + checks + " }")
                  .config()
                  .definitions()
                  .services()
                  .getFirst()
                  .form()
                  .checks())
          .as(checks)
          .hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prot = 80 | 3:3: service \"web\": unknown field \"prot\"",
        "port = \"80\" | 3:3: service \"web\": field \"Port\": expected a whole number",
        "port = 70000 | 1:1: service \"web\": Invalid service port: 70000",
        "tags = \"a\" | 3:3: service \"web\": field \"Tags\": expected an array",
        "check { ttl = \"soon\" } | 3:11: service \"web\": field \"TTL\": time: invalid duration",
        "check { http = \"x\" interval = \"1s\" } | 1:1: service \"web\": Invalid check: HTTP \"x\""
            + " is not a URL",
        "meta = { v = 3 } | 3:12: service \"web\": field \"v\": expected a string"
      })
  void whatAFormRefusesHasItsLine(String member, String problem) {
    assertThat(dev().file("a.hcl", "service {\n  name = \"web\"\n  " + member + "\n}").problems())
        .singleElement()
        .asString()
        .startsWith("a.hcl:" + problem);
  }

  @Test
  void problemsOfAllDefinitionsTogether() {
    assertThat(
            dev()
                .file(
                    "a.hcl",
                    "service { port = 1 }\n"
                        + "service { name = \"b\" prt = 1 }\n"
                        + "check { ttl = \"1s\" }\n"
                        + "check { name = \"x\" ttl = \"1s\" status = \"good\" }\n"
                        + "services = 7")
                .problems())
        .containsExactlyInAnyOrder(
            "a.hcl:1:1: service: Missing service name",
            "a.hcl:2:22: service \"b\": unknown field \"prt\"; did you mean \"port\"?",
            "a.hcl:3:1: check: Missing check name",
            "a.hcl:4:1: check \"x\": Bad check status \"good\"",
            "a.hcl:5:1: services: the number 7 is not a group of keys or a list of such");
  }

  @Test
  void everyUnknownMemberIsToldAndWhatItMayMean() {
    assertThat(
            dev()
                .file(
                    "a.hcl",
                    """
                    service {
                      name = "web"
                      prot = 80
                      Adress = "10.0.0.1"
                      weights { pasing = 1 }
                      check { ttl = "soon" intervall = "1s" watermelon = 1 }
                    }
                    check { name = "c" nmae = "d" ttl = "1s" }
                    """)
                .problems())
        .containsExactlyInAnyOrder(
            "a.hcl:3:3: service \"web\": unknown field \"prot\"; did you mean \"port\"?",
            "a.hcl:4:3: service \"web\": unknown field \"Adress\"; did you mean \"address\"?",
            "a.hcl:5:13: service \"web\": unknown field \"pasing\"; did you mean \"passing\"?",
            "a.hcl:6:24: service \"web\": unknown field \"intervall\"; did you mean"
                + " \"interval\"?",
            "a.hcl:6:41: service \"web\": unknown field \"watermelon\"",
            "a.hcl:6:11: service \"web\": field \"TTL\": time: invalid duration \"soon\", want for"
                + " example \"10s\"",
            "a.hcl:8:20: check \"c\": unknown field \"nmae\"; did you mean \"name\"?");
  }

  @Test
  void everyMemberThatIsKnownHereIsKnownToTheForm() {
    String service = nulls(DefinitionMembers.SERVICE, "\"NAME\":\"x\"");
    String check = nulls(DefinitionMembers.CHECK, "\"NAME\":\"c\",\"TTL\":\"1s\"");
    String weights = nulls(DefinitionMembers.WEIGHTS, "\"PASSING\":2");
    Definitions definitions =
        dev()
            .file("a.json", "{\"service\":" + service + ",\"check\":" + check + "}")
            .file("b.json", "{\"service\":{\"name\":\"y\",\"weights\":" + weights + "}}")
            .config()
            .definitions();
    assertThat(definitions.services()).hasSize(2);
    assertThat(definitions.checks()).hasSize(1);
  }

  /// An object with every member, without a value but for some.
  private static String nulls(DefinitionMembers members, String given) {
    return members.names().stream()
        .filter(name -> !given.contains("\"" + name.toUpperCase(Locale.ROOT) + "\""))
        .map(name -> "\"" + name + "\":null,")
        .collect(Collectors.joining("", "{", given + "}"));
  }

  @Test
  void ofTwoWithOneIdTheLaterHolds() {
    Sources sources =
        dev()
            .file("a.hcl", "service { name = \"a\" port = 1 }")
            .file("b.hcl", "service { name = \"a\" port = 2 }");
    assertThat(sources.config().definitions().services())
        .singleElement()
        .satisfies(it -> assertThat(it.form().definition().port()).isEqualTo(2));
    assertThat(sources.warnings())
        .singleElement()
        .asString()
        .startsWith("b.hcl:1:1: service \"a\" is defined at ");
  }
}
