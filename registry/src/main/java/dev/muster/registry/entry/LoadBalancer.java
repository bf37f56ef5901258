package dev.muster.registry.entry;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How an instance is chosen for each request.
///
/// @param policy `random`, `round_robin`, `least_request`, `ring_hash` or `maglev`; empty: as the
///     balancer likes
/// @param hashPolicies what of a request decides, for the last two
public record LoadBalancer(
    String policy,
    @Nullable RingHash ringHashConfig,
    @Nullable LeastRequest leastRequestConfig,
    List<HashPolicy> hashPolicies) {

  /// The bounds of the ring of `ring_hash`.
  public record RingHash(long minimumRingSize, long maximumRingSize) {}

  /// How many instances are compared.
  public record LeastRequest(long choiceCount) {}

  /// A part of a request that decides.
  ///
  /// @param field `header`, `cookie` or `query_parameter`; empty with `sourceIp`
  /// @param terminal whether later policies do not matter once this one found something
  public record HashPolicy(
      String field,
      String fieldValue,
      @Nullable Cookie cookieConfig,
      boolean sourceIp,
      boolean terminal) {}

  /// The cookie that a client without one gets.
  public record Cookie(boolean session, Duration ttl, String path) {}

  private static final String BAD = "Bad LoadBalancer HashPolicy[%d]: ";
  private static final Set<String> POLICIES =
      Set.of("", "random", "round_robin", "least_request", "ring_hash", "maglev");
  private static final Set<String> FIELDS = Set.of("", "header", "cookie", "query_parameter");

  public LoadBalancer {
    hashPolicies = Copies.of(hashPolicies);
  }

  void check() throws InvalidEntry {
    InvalidEntry.unless(
        POLICIES.contains(policy), "Bad LoadBalancer policy: \"%s\" is not supported", policy);
    InvalidEntry.unless(
        policy.equals("ring_hash") || ringHashConfig == null,
        "Bad LoadBalancer configuration. RingHashConfig specified for incompatible load balancing"
            + " policy \"%s\"",
        policy);
    InvalidEntry.unless(
        policy.equals("least_request") || leastRequestConfig == null,
        "Bad LoadBalancer configuration. LeastRequestConfig specified for incompatible load"
            + " balancing policy \"%s\"",
        policy);
    InvalidEntry.unless(
        Set.of("ring_hash", "maglev").contains(policy) || hashPolicies.isEmpty(),
        "Bad LoadBalancer configuration: HashPolicies specified for non-hash-based Policy: \"%s\"",
        policy);
    for (int i = 0; i < hashPolicies.size(); i++) {
      check(i, hashPolicies.get(i));
    }
  }

  private static void check(int i, HashPolicy policy) throws InvalidEntry {
    String field = policy.field();
    InvalidEntry.unless(FIELDS.contains(field), BAD + "\"%s\" is not a supported field", i, field);
    InvalidEntry.unless(
        !policy.sourceIp() || field.isEmpty(),
        BAD + "A single hash policy cannot hash both a source address and a \"%s\"",
        i,
        field);
    InvalidEntry.unless(
        !policy.sourceIp() || policy.fieldValue().isEmpty(),
        BAD + "A FieldValue cannot be specified when hashing SourceIP",
        i);
    InvalidEntry.unless(
        field.isEmpty() || !policy.fieldValue().isEmpty(),
        BAD + "Field \"%s\" was specified without a FieldValue",
        i,
        field);
    InvalidEntry.unless(
        !field.isEmpty() || policy.fieldValue().isEmpty(),
        BAD + "FieldValue requires a Field to apply to",
        i);
    Cookie cookie = policy.cookieConfig();
    if (cookie != null) {
      InvalidEntry.unless(
          field.equals("cookie"), BAD + "cookie_config provided for \"%s\"", i, field);
      InvalidEntry.unless(
          !cookie.session() || cookie.ttl().isZero(),
          BAD + "a session cookie cannot have an associated TTL",
          i);
    }
  }
}
