package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.LimitsConfig;
import dev.muster.balancer.limit.KeyCounts;
import dev.muster.balancer.limit.Zones;
import dev.muster.balancer.request.Note;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.Template;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `limit_conn`: so many requests of a key are in work at a time.
final class LimitingConnections implements Step {
  private static final Logger log = LoggerFactory.getLogger(LimitingConnections.class);
  private static final int KEY_BYTES_MAX = 255;

  private final Rule[] rules;
  private final LimitsConfig.Reply reply;

  private record Rule(String zone, Template key, KeyCounts counts, int most) {}

  LimitingConnections(LimitsConfig config, Zones zones) {
    this.rules =
        config.connections().stream().map(limit -> rule(limit, zones)).toArray(Rule[]::new);
    this.reply = config.connectionReply();
  }

  private static Rule rule(LimitsConfig.Connections limit, Zones zones) {
    Zones.Zone.Connections zone = zones.connections(limit.zone());
    return new Rule(limit.zone(), zone.config().key(), zone.counts(), limit.most());
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    if (request.isSubrequest() || request.note(Note.LIMIT_CONN_STATUS) != null) {
      return Verdict.NEXT;
    }
    for (Rule rule : rules) {
      String key = rule.key().text(request);
      if (key.length() > KEY_BYTES_MAX) {
        log.error("a key of zone {} has more than {} octets", rule.zone(), KEY_BYTES_MAX);
        continue;
      }
      if (key.isEmpty()) {
        continue;
      }
      if (!rule.counts().enter(key, rule.most())) {
        return refuse(request, rule);
      }
      request.note(Note.LIMIT_CONN_STATUS, "PASSED");
      turn.atEnd(() -> rule.counts().leave(key));
    }
    return Verdict.NEXT;
  }

  private Verdict refuse(Request request, Rule rule) {
    log.atLevel(reply.level())
        .log(
            "limiting connections{} by zone \"{}\", client: {}",
            reply.isDryRun() ? ", dry run" : "",
            rule.zone(),
            request.client().address());
    request.note(Note.LIMIT_CONN_STATUS, reply.isDryRun() ? "REJECTED_DRY_RUN" : "REJECTED");
    return reply.isDryRun()
        ? Verdict.NEXT
        : Verdict.Answer.of(reply.status(), "there are too many requests at a time");
  }
}
