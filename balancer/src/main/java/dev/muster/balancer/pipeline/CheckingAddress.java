package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.AccessConfig.AddressRule;
import dev.muster.balancer.config.AccessConfig.Whom;
import dev.muster.balancer.config.Network;
import dev.muster.balancer.request.Request;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `allow` and `deny`: the first rule about the client's address decides.
final class CheckingAddress implements Check {
  private static final Logger log = LoggerFactory.getLogger(CheckingAddress.class);

  private enum Rule {
    NONE,
    ALLOW,
    DENY
  }

  private final AddressRule[] rules;

  CheckingAddress(List<AddressRule> rules) {
    this.rules = rules.toArray(AddressRule[]::new);
  }

  @Override
  public boolean concerns(Request request) {
    return find(request) != Rule.NONE;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    if (request.isSubrequest() || find(request) != Rule.DENY) {
      return Verdict.NEXT;
    }
    log.info("access forbidden by rule, client: {}", request.client().address());
    return Verdict.Answer.of(403, "this address is not allowed here");
  }

  private Rule find(Request request) {
    byte[] address = request.client().remote().getAddress().getAddress();
    for (AddressRule rule : rules) {
      boolean isMeant =
          switch (rule.whom()) {
            case Whom.All _ -> true;
            case Whom.Unix _ -> false;
            case Whom.In(Network network) -> network.contains(address);
          };
      if (isMeant) {
        return rule.allows() ? Rule.ALLOW : Rule.DENY;
      }
    }
    return Rule.NONE;
  }
}
