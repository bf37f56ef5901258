package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.LimitsConfig;
import dev.muster.balancer.limit.LeakyBuckets;
import dev.muster.balancer.limit.Zones;
import dev.muster.balancer.request.Note;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.Template;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// `limit_req`: requests beyond a rate wait, those beyond its burst are refused.
final class LimitingRequests implements Step {
  private static final Logger log = LoggerFactory.getLogger(LimitingRequests.class);
  private static final int KEY_BYTES_MAX = 65_535;

  private final Rule[] rules;
  private final LimitsConfig.Reply reply;

  private record Rule(
      String zone, Template key, LeakyBuckets buckets, long rate, long burst, long delay) {}

  LimitingRequests(LimitsConfig config, Zones zones) {
    this.rules = config.requests().stream().map(limit -> rule(limit, zones)).toArray(Rule[]::new);
    this.reply = config.requestReply();
  }

  private static Rule rule(LimitsConfig.Requests limit, Zones zones) {
    Zones.Zone.Requests zone = zones.requests(limit.zone());
    return new Rule(
        limit.zone(),
        zone.config().key(),
        zone.buckets(),
        zone.config().ratePerKilosecond(),
        limit.burst() * 1000L,
        limit.delay() * 1000L);
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    if (request.isSubrequest() || request.note(Note.LIMIT_REQ_STATUS) != null) {
      return Verdict.NEXT;
    }
    long now = TimeUnit.NANOSECONDS.toMillis(turn.loop().ticker().nanoTime());
    String[] keys = new String[rules.length];
    int last = keys(request, keys);
    if (last < 0) {
      return Verdict.NEXT;
    }
    // Only a request that no limit refuses counts, as the last is asked, and then for the others.
    long delayMillis = 0;
    for (int i = 0; i <= last; i++) {
      if (!keys[i].isEmpty()) {
        Rule rule = rules[i];
        long excess = rule.buckets().ask(keys[i], rule.rate(), rule.burst(), now, i == last);
        if (excess < 0) {
          return refuse(request, rule, -excess);
        }
        delayMillis = i == last ? delayMillis(rule, excess) : 0;
      }
    }
    for (int i = 0; i < last; i++) {
      if (!keys[i].isEmpty()) {
        long excess = rules[i].buckets().count(keys[i], rules[i].rate(), now);
        delayMillis = Math.max(delayMillis, delayMillis(rules[i], excess));
      }
    }
    return delayMillis == 0 ? pass(request) : delay(request, turn, delayMillis);
  }

  /// Returns the index of the last that counts, or -1.
  private int keys(Request request, String[] keys) {
    int last = -1;
    for (int i = 0; i < keys.length; i++) {
      String key = rules[i].key().text(request);
      if (key.length() > KEY_BYTES_MAX) {
        log.error("a key of zone {} has more than {} octets", rules[i].zone(), KEY_BYTES_MAX);
        key = "";
      }
      keys[i] = key;
      last = key.isEmpty() ? last : i;
    }
    return last;
  }

  private static long delayMillis(Rule rule, long excess) {
    return excess <= rule.delay() ? 0 : (excess - rule.delay()) * 1000 / rule.rate();
  }

  private static Verdict pass(Request request) {
    request.note(Note.LIMIT_REQ_STATUS, "PASSED");
    return Verdict.NEXT;
  }

  private Verdict refuse(Request request, Rule rule, long excess) {
    log.atLevel(reply.level())
        .log(
            "limiting requests{}, excess: {} by zone \"{}\", client: {}",
            reply.isDryRun() ? ", dry run" : "",
            excess / 1000.0,
            rule.zone(),
            request.client().address());
    request.note(Note.LIMIT_REQ_STATUS, reply.isDryRun() ? "REJECTED_DRY_RUN" : "REJECTED");
    return reply.isDryRun()
        ? Verdict.NEXT
        : Verdict.Answer.of(reply.status(), "there are too many requests");
  }

  private Verdict delay(Request request, Turn turn, long millis) {
    log.atLevel(below(reply.level()))
        .log(
            "delaying request{}, by {} ms, client: {}",
            reply.isDryRun() ? ", dry run" : "",
            millis,
            request.client().address());
    if (reply.isDryRun()) {
      request.note(Note.LIMIT_REQ_STATUS, "DELAYED_DRY_RUN");
      return Verdict.NEXT;
    }
    request.note(Note.LIMIT_REQ_STATUS, "DELAYED");
    Future<?> later =
        turn.loop().schedule(() -> turn.resume(Verdict.NEXT), millis, TimeUnit.MILLISECONDS);
    turn.atEnd(() -> later.cancel(false));
    return Verdict.WAIT;
  }

  static Level below(Level level) {
    List<Level> levels = List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);
    return levels.get(Math.min(levels.indexOf(level) + 1, levels.size() - 1));
  }
}
