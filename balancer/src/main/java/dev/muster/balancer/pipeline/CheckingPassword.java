package dev.muster.balancer.pipeline;

import dev.muster.balancer.access.BasicCredentials;
import dev.muster.balancer.access.Credentials;
import dev.muster.balancer.access.Credentials.Outcome;
import dev.muster.balancer.config.AccessConfig.BasicAuth;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `auth_basic`: a name and its password are asked for. Passwords are compared off the loop.
final class CheckingPassword implements Check {
  private static final Logger log = LoggerFactory.getLogger(CheckingPassword.class);

  private final BasicAuth config;
  private final Credentials credentials;

  CheckingPassword(BasicAuth config, Credentials credentials) {
    this.config = config;
    this.credentials = credentials;
  }

  @Override
  public boolean concerns(Request request) {
    return !request.isSubrequest() && !config.realm().text(request).equals("off");
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    if (!concerns(request)) {
      return Verdict.NEXT;
    }
    String realm = config.realm().text(request);
    String header = request.header("authorization");
    BasicCredentials sent = header == null ? null : BasicCredentials.parse(header);
    if (sent == null || sent.name().isEmpty()) {
      return unauthorized(realm);
    }
    String file = config.userFile().text(request);
    long now = turn.loop().ticker().nanoTime();
    if (credentials.isKnown(file, sent.name(), sent.password(), now)) {
      return Verdict.NEXT;
    }
    credentials.check(
        file,
        sent.name(),
        sent.password(),
        now,
        outcome ->
            turn.loop().execute(() -> turn.resume(verdict(outcome, realm, sent.name(), request))));
    return Verdict.WAIT;
  }

  private static Verdict verdict(Outcome outcome, String realm, String name, Request request) {
    return switch (outcome) {
      case RIGHT -> Verdict.NEXT;
      case WRONG -> {
        log.error(
            "user \"{}\" is unknown or has another password, client: {}",
            printable(name),
            request.client().address());
        yield unauthorized(realm);
      }
      case NO_FILE -> Answer.of(403, "nobody may come in here now");
      case UNREADABLE -> Answer.of(500, "passwords cannot be read now");
      case BUSY -> Answer.of(503, "too many passwords are being checked");
    };
  }

  private static String printable(String name) {
    StringBuilder out = new StringBuilder();
    for (byte octet : name.getBytes(StandardCharsets.ISO_8859_1)) {
      out.append(octet >= ' ' && octet < 0x7f && octet != '"' ? (char) octet : '?');
    }
    return out.toString();
  }

  private static Verdict unauthorized(String realm) {
    String value = "Basic realm=\"" + realm.replace("\"", "\\\"") + "\"";
    return Answer.of(401, "a name and a password are needed")
        .with(List.of(new Answer.Line("WWW-Authenticate", value)));
  }
}
