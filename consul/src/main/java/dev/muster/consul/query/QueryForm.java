package dev.muster.consul.query;

import dev.muster.consul.form.Fields;
import dev.muster.consul.form.GoDuration;
import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.registry.query.PreparedQuery;
import dev.muster.registry.query.PreparedQuery.DnsOptions;
import dev.muster.registry.query.PreparedQuery.Failover;
import dev.muster.registry.query.PreparedQuery.FailoverTarget;
import dev.muster.registry.query.PreparedQuery.Target;
import dev.muster.registry.query.PreparedQuery.Template;
import dev.muster.registry.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A prepared query in a request.
final class QueryForm {
  private static final String REDACTED = "<hidden>";
  private static final int META_MAX = 64;
  private static final Target NOTHING =
      new Target("", Failover.NONE, false, List.of(), "", List.of(), Map.of(), Map.of(), false);

  private QueryForm() {}

  /// The id that the request gives.
  static String id(Fields fields) {
    return fields.string("ID");
  }

  /// The query that the members say.
  ///
  /// @throws Refusal if it is not well formed, or can mean nothing
  static PreparedQuery read(Fields fields, String id) {
    fields.ignore("ID", "CreateIndex", "ModifyIndex");
    PreparedQuery query =
        new PreparedQuery(
            id.toLowerCase(Locale.ROOT),
            Names.checked("query name", fields.string("Name")),
            SessionId.normal(fields.string("Session")),
            fields.string("Token"),
            fields.object("Template").map(QueryForm::template).orElse(Template.NONE),
            fields.object("Service").map(QueryForm::target).orElse(NOTHING),
            fields.object("DNS").map(QueryForm::dns).orElse(DnsOptions.NONE),
            0,
            0);
    fields.end();
    check(query);
    return query;
  }

  private static Template template(Fields fields) {
    var template =
        new Template(
            fields.string("Type"), fields.string("Regexp"), fields.bool("RemoveEmptyTags"));
    fields.end();
    return template;
  }

  private static Target target(Fields fields) {
    // Other partitions, peers and groups of them are not here.
    fields.requireDefault("Namespace", "Partition", "Peer", "SamenessGroup");
    Target target =
        new Target(
            Names.checked("service name", fields.string("Service")),
            fields.object("Failover").map(QueryForm::failover).orElse(Failover.NONE),
            fields.bool("OnlyPassing"),
            fields.strings("IgnoreCheckIDs"),
            fields.string("Near"),
            fields.strings("Tags"),
            meta(fields.stringMap("NodeMeta")),
            fields.stringMap("ServiceMeta"),
            fields.bool("Connect"));
    fields.end();
    return target;
  }

  private static Failover failover(Fields fields) {
    List<FailoverTarget> targets =
        fields.objects("Targets").stream().map(QueryForm::failoverTarget).toList();
    var failover =
        new Failover(fields.integer("NearestN", 0), fields.strings("Datacenters"), targets);
    fields.end();
    if (failover.nearestN() < 0) {
      throw invalid("Bad NearestN '%d', must be >= 0".formatted(failover.nearestN()));
    }
    if (!targets.isEmpty() && failover.nearestN() != 0) {
      throw invalid("Targets cannot be populated with NearestN");
    }
    if (!targets.isEmpty() && !failover.datacenters().isEmpty()) {
      throw invalid("Targets cannot be populated with Datacenters");
    }
    return failover;
  }

  private static FailoverTarget failoverTarget(Fields fields) {
    fields.requireDefault("Namespace", "Partition", "Peer");
    var target = new FailoverTarget(fields.string("Datacenter"));
    fields.end();
    return target;
  }

  private static Map<String, String> meta(Map<String, String> meta) {
    if (meta.size() > META_MAX) {
      throw invalid(
          "Node metadata cannot contain more than %d key/value pairs".formatted(META_MAX));
    }
    meta.forEach(
        (key, value) -> {
          if (!key.matches("[a-zA-Z0-9_-]{1,128}") || value.length() > 512) {
            throw invalid(
                ("Couldn't load metadata pair ('%s', '%s'): a key has 1 to 128 of a-zA-Z0-9_-, a"
                        + " value at most 512 characters")
                    .formatted(key, value));
          }
        });
    return meta;
  }

  private static DnsOptions dns(Fields fields) {
    String text = fields.string("TTL");
    fields.end();
    if (text.isEmpty()) {
      return DnsOptions.NONE;
    }
    Duration ttl =
        GoDuration.parse(text)
            .orElseThrow(
                () ->
                    invalid(
                        "Bad DNS TTL '%s': time: invalid duration \"%s\"".formatted(text, text)));
    if (ttl.isNegative()) {
      throw invalid("DNS TTL '%d', must be >=0".formatted(ttl.toNanos()));
    }
    if (ttl.toSeconds() > Integer.MAX_VALUE) {
      throw invalid("DNS TTL '%s', must be at most %d seconds".formatted(text, Integer.MAX_VALUE));
    }
    return new DnsOptions(text, ttl);
  }

  private static void check(PreparedQuery query) {
    if (query.name().isEmpty() && !query.isTemplate() && query.session().isEmpty()) {
      throw invalid("Must be bound to a session");
    }
    if (query.token().equals(REDACTED)) {
      throw invalid(
          "Bad Token '%s', it looks like a query definition with a redacted token was submitted"
              .formatted(REDACTED));
    }
    if (query.service().service().isEmpty()) {
      throw invalid("Must provide a Service name to query");
    }
  }

  private static Refusal invalid(String reason) {
    return new Refusal(500, "Invalid prepared query: " + reason);
  }
}
