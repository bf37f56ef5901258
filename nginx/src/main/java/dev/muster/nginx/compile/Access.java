package dev.muster.nginx.compile;

import dev.muster.balancer.config.AccessConfig;
import dev.muster.balancer.config.AccessConfig.AddressRule;
import dev.muster.balancer.config.AccessConfig.Assigned;
import dev.muster.balancer.config.AccessConfig.AuthRequest;
import dev.muster.balancer.config.AccessConfig.BasicAuth;
import dev.muster.balancer.config.AccessConfig.LimitExcept;
import dev.muster.balancer.config.AccessConfig.Mirror;
import dev.muster.balancer.config.AccessConfig.Permission;
import dev.muster.balancer.config.AccessConfig.Whom;
import dev.muster.balancer.config.Network;
import dev.muster.balancer.variable.Template;
import dev.muster.nginx.language.Directive;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Who may: `allow`, `deny`, `auth_basic`, `auth_request`, `satisfy`, `limit_except`; and `mirror`.
record Access(Texts texts, Zones zones, Place place) {
  private static final Set<String> METHODS =
      Set.of(
          "GET",
          "HEAD",
          "POST",
          "PUT",
          "DELETE",
          "MKCOL",
          "COPY",
          "MOVE",
          "OPTIONS",
          "PROPFIND",
          "PROPPATCH",
          "LOCK",
          "UNLOCK",
          "PATCH");

  AccessConfig of(Level level) {
    return new AccessConfig(zones.limits(level), permission(level, except(level)), mirror(level));
  }

  private Permission permission(Level level, Optional<LimitExcept> except) {
    return new Permission(
        level.find("satisfy").map(it -> it.word(0).equals("any")).orElse(false),
        addresses(level),
        basic(level),
        request(level),
        except);
  }

  private List<AddressRule> addresses(Level level) {
    List<AddressRule> rules = new ArrayList<>();
    for (Directive directive : level.anyOf(List.of("allow", "deny"))) {
      whom(directive)
          .ifPresent(whom -> rules.add(new AddressRule(directive.name().equals("allow"), whom)));
    }
    return rules;
  }

  private Optional<Whom> whom(Directive directive) {
    String word = directive.word(0);
    if (word.equals("all")) {
      return Optional.of(new Whom.All());
    }
    if (word.equals("unix:")) {
      return Optional.of(new Whom.Unix());
    }
    Network network = Network.parse(word);
    if (network == null) {
      texts.findings().badParameter(directive, word);
      return Optional.empty();
    }
    return Optional.of(new Whom.In(network));
  }

  private Optional<BasicAuth> basic(Level level) {
    Optional<Directive> realm = level.find("auth_basic");
    Optional<Directive> file = level.find("auth_basic_user_file");
    if (realm.isEmpty() || realm.get().word(0).equals("off")) {
      return Optional.empty();
    }
    if (file.isEmpty()) {
      texts
          .findings()
          .error(
              realm.get(),
              "no \"auth_basic_user_file\" is defined for \"auth_basic\"",
              "without one, nobody could enter");
      return Optional.empty();
    }
    String absolute = place.fromFolder(file.get().word(0));
    return Optional.of(
        new BasicAuth(
            texts.template(realm.get(), realm.get().word(0)),
            texts.template(file.get(), absolute)));
  }

  private Optional<AuthRequest> request(Level level) {
    Optional<Directive> uri = level.find("auth_request").filter(it -> !it.word(0).equals("off"));
    List<Assigned> assigned = new ArrayList<>();
    for (Directive directive : level.all("auth_request_set")) {
      texts
          .declared(directive, directive.word(0))
          .ifPresent(
              name ->
                  assigned.add(
                      new Assigned(
                          texts.variables().declareSlot(name),
                          texts.template(directive, directive.word(1)))));
    }
    return uri.map(it -> new AuthRequest(texts.template(it, it.word(0)), assigned));
  }

  private Optional<LimitExcept> except(Level level) {
    for (Directive directive : level.here("limit_except")) {
      Set<String> methods = new TreeSet<>();
      for (String word : directive.texts()) {
        if (!METHODS.contains(word)) {
          texts.findings().error(directive, "invalid method \"" + word + "\"");
        }
        methods.add(word);
        if (word.equals("GET")) {
          methods.add("HEAD");
        }
      }
      Level inside = new Level(level, directive.inside());
      inside
          .first("proxy_pass")
          .ifPresent(
              it ->
                  texts
                      .findings()
                      .error(
                          it,
                          "\"proxy_pass\" inside \"limit_except\" is not supported",
                          "use if ($request_method …)"));
      return Optional.of(new LimitExcept(methods, permission(inside, Optional.empty())));
    }
    return Optional.empty();
  }

  private Mirror mirror(Level level) {
    List<Template> uris = new ArrayList<>();
    List<Directive> mirrors = level.all("mirror");
    for (Directive directive : mirrors) {
      if (directive.word(0).equals("off")) {
        if (mirrors.size() > 1) {
          texts.findings().error(directive, "\"mirror\" directive is duplicate");
        }
      } else {
        uris.add(texts.template(directive, directive.word(0)));
      }
    }
    return new Mirror(uris, level.flag("mirror_request_body", true));
  }
}
