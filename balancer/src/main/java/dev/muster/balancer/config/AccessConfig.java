package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who may ask for what is in a location, how often, and who else hears of it.
///
/// @param limits how often and how many at a time
/// @param permission who may
/// @param mirror who else is sent a copy
public record AccessConfig(LimitsConfig limits, Permission permission, Mirror mirror) {

  /// Who may (nginx's access phase).
  ///
  /// @param satisfiesAny whether one of the rules is enough (`satisfy any`)
  /// @param addresses the first that matches decides; none of them forbids nothing
  /// @param basic the password that is asked for
  /// @param request the location that is asked for permission
  /// @param except what holds instead for some methods
  public record Permission(
      boolean satisfiesAny,
      List<AddressRule> addresses,
      Optional<BasicAuth> basic,
      Optional<AuthRequest> request,
      Optional<LimitExcept> except) {
    /// Copies what it is given.
    public Permission {
      addresses = List.copyOf(addresses);
    }

    /// Everyone.
    public static Permission everyone() {
      return new Permission(false, List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /// `allow` or `deny`.
  ///
  /// @param allows or denies
  /// @param whom it is about
  public record AddressRule(boolean allows, Whom whom) {}

  /// Whom a rule is about.
  public sealed interface Whom {
    /// `all`.
    record All() implements Whom {}

    /// `unix:`: clients of sockets of this machine, of which there are none yet.
    record Unix() implements Whom {}

    /// An address or a block of them.
    ///
    /// @param network which
    record In(Network network) implements Whom {}
  }

  /// `auth_basic realm` and `auth_basic_user_file file`.
  ///
  /// @param realm what is told to the client; `off` for a request that needs no password
  /// @param userFile lines of `name:hash`
  public record BasicAuth(Template realm, Template userFile) {}

  /// `auth_request uri` and `auth_request_set`.
  ///
  /// @param uri what is asked for in the same virtual server
  /// @param assigned variables that its answer gives a value to
  public record AuthRequest(Template uri, List<Assigned> assigned) {
    /// Copies what it is given.
    public AuthRequest {
      assigned = List.copyOf(assigned);
    }
  }

  /// `auth_request_set $variable value`.
  ///
  /// @param slot where a request keeps the variable
  /// @param value as the request for permission sees it
  public record Assigned(int slot, Template value) {}

  /// `limit_except GET … { … }`.
  ///
  /// @param methods that it is not about; `GET` includes `HEAD`
  /// @param permission who may use the other methods
  public record LimitExcept(Set<String> methods, Permission permission) {
    /// Copies what it is given.
    public LimitExcept {
      methods = Set.copyOf(methods);
    }
  }

  /// `mirror uri …` and `mirror_request_body`.
  ///
  /// @param uris where copies are sent, in the same virtual server
  /// @param hasBody whether they have the request's body
  public record Mirror(List<Template> uris, boolean hasBody) {
    /// Copies what it is given.
    public Mirror {
      uris = List.copyOf(uris);
    }

    /// No one.
    public static Mirror none() {
      return new Mirror(List.of(), true);
    }
  }

  /// Everyone may, as often as they like.
  public static AccessConfig open() {
    return new AccessConfig(LimitsConfig.none(), Permission.everyone(), Mirror.none());
  }

  /// The same with other limits.
  public AccessConfig with(LimitsConfig others) {
    return new AccessConfig(others, permission, mirror);
  }

  /// The same with other permissions.
  public AccessConfig with(Permission other) {
    return new AccessConfig(limits, other, mirror);
  }

  /// The same with another mirror.
  public AccessConfig with(Mirror other) {
    return new AccessConfig(limits, permission, other);
  }
}
