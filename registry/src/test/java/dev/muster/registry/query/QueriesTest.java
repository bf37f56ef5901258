package dev.muster.registry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.query.PreparedQuery.DnsOptions;
import dev.muster.registry.query.PreparedQuery.Failover;
import dev.muster.registry.query.PreparedQuery.Target;
import dev.muster.registry.query.PreparedQuery.Template;
import dev.muster.registry.tree.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueriesTest {
  private final Step step = new Step(0);
  private final QueriesChange change = new QueriesChange(Queries.EMPTY, step);

  private static Target target(String service, String... tags) {
    return new Target(
        service, Failover.NONE, false, List.of(), "", List.of(tags), Map.of(), Map.of(), false);
  }

  private static PreparedQuery query(String id, String name, Template template, Target target) {
    return new PreparedQuery(id, name, "", "", template, target, DnsOptions.NONE, 0, 0);
  }

  private static PreparedQuery template(String id, String prefix, String regexp, Target target) {
    return query(id, prefix, new Template(Template.PREFIX_MATCH, regexp, true), target);
  }

  private Optional<String> put(PreparedQuery query) {
    step.advance();
    return change.put(query);
  }

  private PreparedQuery resolved(String name) {
    return ((Resolution.Found) change.queries().resolve(name)).query();
  }

  @Test
  void isFoundByIdAndByNameWhateverTheCase() {
    put(query("id1", "Web", Template.NONE, target("web")));

    assertThat(resolved("id1").name()).isEqualTo("Web");
    assertThat(resolved("wEB").id()).isEqualTo("id1");
    assertThat(change.queries().resolve("nope")).isEqualTo(new Resolution.Unknown());
    assertThat(change.queries().resolve("")).isEqualTo(new Resolution.Unknown());
  }

  @Test
  void theLongestTemplateWinsAndANameBeatsThemAll() {
    put(template("t1", "", "", target("any")));
    put(template("t2", "geo-", "", target("geo")));
    put(template("t3", "geo-db-", "", target("geodb")));
    put(query("q1", "geo-db-1", Template.NONE, target("exact")));

    assertThat(resolved("x").service().service()).isEqualTo("any");
    assertThat(resolved("GEO-web").service().service()).isEqualTo("geo");
    assertThat(resolved("geo-db-2").service().service()).isEqualTo("geodb");
    assertThat(resolved("geo-db-1").service().service()).isEqualTo("exact");
    assertThat(resolved("geo-").service().service()).isEqualTo("geo");
    assertThat(change.queries().resolve("t2"))
        .isEqualTo(
            new Resolution.Refused(
                "prepared query templates can only be resolved up by name, not by ID"));
  }

  @Test
  void allTextsOfATemplateAreFilledIn() {
    put(
        template(
            "t",
            "geo-",
            "^geo-(.*?)-([^\\-]+?)$",
            new Target(
                "${match(1)}",
                new Failover(1, List.of("${name.suffix}"), List.of()),
                true,
                List.of("${name.full}"),
                "${agent.segment}_agent",
                List.of("${match(2)}", "${match(7)}", "!$${x}", "${ name.prefix }"),
                Map.of("k", "${match(0)}"),
                Map.of("k", "v"),
                false)));

    Target made = resolved("geo-customer-master").service();

    assertThat(made)
        .isEqualTo(
            new Target(
                "customer",
                new Failover(1, List.of("customer-master"), List.of()),
                true,
                List.of("geo-customer-master"),
                "_agent",
                List.of("master", "!${x}", "geo-"),
                Map.of("k", "geo-customer-master"),
                Map.of("k", "v"),
                false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "other||web|Bad Template.Type 'other'",
        "name_prefix_match|(|web|Bad Regexp: error parsing regexp: missing closing ): `(`",
        "name_prefix_match||${nope}|Bad format '${nope}' in Service.Service: unknown expression",
        "name_prefix_match||${match(1)|Bad format '${match(1)' in Service.Service: expected",
        "name_prefix_match||${match(x)}|unknown expression 'match(x)'",
        "name_prefix_match|(a{1000}){1000}|web|Bad Regexp: its counted repetitions",
      })
  void aTemplateThatCannotWorkIsRefused(String type, String regexp, String service, String why) {
    String pattern = regexp == null ? "" : regexp;
    assertThat(put(query("t", "x", new Template(type, pattern, false), target(service))))
        .hasValueSatisfying(
            reason -> assertThat(reason).startsWith("failed compiling template: ").contains(why));
    assertThat(change.queries().byId().size()).isZero();
  }

  @Test
  void aPatternThatWouldBacktrackForEverDoesNot() {
    put(template("t", "a", "^(a+)+$", target("web")));
    assertThat(resolved("a".repeat(400) + "!").service().service()).isEqualTo("web");
  }

  @Test
  void namesAreUniqueAndNeverSomebodysId() {
    put(query("3909e3af-97ab-7ddc-d745-727a4c62765c", "web", Template.NONE, target("web")));

    assertThat(put(query("id2", "WEB", Template.NONE, target("x"))))
        .contains("name 'WEB' aliases an existing query name");
    assertThat(
            put(query("id3", "3909e3af-97ab-7ddc-d745-727a4c62765c", Template.NONE, target("x"))))
        .contains("name '3909e3af-97ab-7ddc-d745-727a4c62765c' aliases an existing query ID");
    put(template("t1", "", "", target("any")));
    assertThat(put(template("t2", "", "", target("any"))))
        .contains("a query template with an empty name already exists");
  }

  @Test
  void aQueryThatIsRenamedIsNoLongerFoundUnderItsOldName() {
    put(template("t", "old-", "", target("web")));
    put(query("t", "new", Template.NONE, target("web")));

    assertThat(change.queries().resolve("old-1")).isEqualTo(new Resolution.Unknown());
    assertThat(resolved("new").createIndex()).isEqualTo(1);
    assertThat(resolved("new").modifyIndex()).isEqualTo(2);
    put(query("t", "new", Template.NONE, target("web")));
    assertThat(resolved("new").modifyIndex()).as("said the same").isEqualTo(2);
  }

  @Test
  void queriesGoWithTheSessionThatTheyAreBoundTo() {
    put(
        new PreparedQuery(
            "id1", "", "s1", "", Template.NONE, target("web"), DnsOptions.NONE, 0, 0));
    put(query("id2", "web", Template.NONE, target("web")));
    step.advance();
    change.removeBoundTo("s1");

    assertThat(change.queries().byId().size()).isEqualTo(1);
    assertThat(change.queries().index()).isEqualTo(3);
    assertThat(change.queries().resolve("id1")).isEqualTo(new Resolution.Unknown());
  }
}
