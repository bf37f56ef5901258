package dev.muster.balancer.session;

import dev.muster.balancer.config.SessionKey;
import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.dispatch.Member;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.request.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sessions of a cluster: how a request says which it belongs to, and to which member that is
/// bound. Lasts while its configuration does, whoever is a member. Thread-safe.
public final class Sessions {
  private static final int ID_BYTES = 9;
  private static final int SIGNATURE_BYTES = 16;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Sticky config;
  private final SessionKey key;
  private final Kind kind;
  private final boolean isLoyal;
  private final SipHash hash;

  /// What is needed to know the session of a request.
  sealed interface Kind {
    /// A cookie of ours.
    record OfCookie(InsertedCookie cookie) implements Kind {}

    /// The name of a member.
    record OfRoute(Sticky.Route route) implements Kind {}

    /// A table.
    record OfTable(List<KeySource> created, List<KeySource> asked, SessionTable table)
        implements Kind {
      /// Whether the request itself says how its session is called, so that it can be bound before
      /// anyone has answered.
      boolean isOfRequest() {
        return created.stream().noneMatch(KeySource::isOfAnswer);
      }
    }
  }

  private Sessions(Sticky config, Sticky plain, SessionKey key) {
    this.config = config;
    this.key = key;
    this.isLoyal = config instanceof Sticky.Loyal;
    ByteBuffer seed = ByteBuffer.wrap(key.sign("session table"));
    this.hash = new SipHash(seed.getLong(), seed.getLong());
    this.kind = kind(plain);
  }

  /// Those that a configuration asks for, which are those of before if it asks for the same.
  public static Sessions of(Sticky config, SessionKey key, @Nullable Sessions before) {
    if (before != null && before.config.equals(config) && before.key.equals(key)) {
      return before;
    }
    Sticky plain = config;
    while (plain instanceof Sticky.Loyal(Sticky inner)) {
      plain = inner;
    }
    return new Sessions(config, plain, key);
  }

  private static Kind kind(Sticky plain) {
    return switch (plain) {
      case Sticky.Cookie cookie -> new Kind.OfCookie(new InsertedCookie(cookie));
      case Sticky.Route route -> new Kind.OfRoute(route);
      case Sticky.Learned learned ->
          new Kind.OfTable(
              learned.created().stream().map(KeySource::of).toList(),
              learned.asked().stream().map(KeySource::of).toList(),
              new SessionTable(learned.sessionsMax(), learned.timeout().toNanos()));
      case Sticky.Loyal _ -> throw new IllegalStateException("loyalty is taken off before");
    };
  }

  Kind kind() {
    return kind;
  }

  boolean isLoyal() {
    return isLoyal;
  }

  SipHash hash() {
    return hash;
  }

  /// How many sessions are remembered here; 0 if the requests say themselves where they belong.
  public int size() {
    return kind instanceof Kind.OfTable table ? table.table().size() : 0;
  }

  /// The members as these sessions know them.
  ///
  /// @param routes what a configuration calls each of the members; empty for what has no name
  public Roster roster(List<Member> members, List<String> routes) {
    String[] names = new String[members.size()];
    byte[][] cookies = new byte[kind instanceof Kind.OfCookie ? names.length : 0][];
    Map<String, Integer> uses = new HashMap<>();
    routes.forEach(route -> uses.merge(route, 1, Integer::sum));
    for (int i = 0; i < names.length; i++) {
      String route = routes.get(i);
      String address = members.get(i).key();
      names[i] = kind instanceof Kind.OfRoute ? routeOr(route, address) : address;
      if (kind instanceof Kind.OfCookie(InsertedCookie cookie)) {
        // A route that stands for several instances does not say which.
        boolean isOnly = isPlain(route) && uses.getOrDefault(route, 0) == 1;
        cookies[i] = value(cookie.name(), isOnly ? route : id(address));
      }
    }
    return new Roster(this, members, names, cookies);
  }

  private String id(String address) {
    return BASE64.encodeToString(Arrays.copyOf(key.sign("member " + address), ID_BYTES));
  }

  private byte[] value(String cookie, String id) {
    byte[] signature = Arrays.copyOf(key.sign("cookie " + cookie + " " + id), SIGNATURE_BYTES);
    String value = id + "." + BASE64.encodeToString(signature);
    return value.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isPlain(String route) {
    return !route.isEmpty()
        && route.chars().allMatch(c -> c > ' ' && c < 127 && "\",;\\".indexOf(c) < 0);
  }

  /// Without a name of its own, a member is called by the MD5 of its address, as nginx does.
  private static String routeOr(String route, String address) {
    if (!route.isEmpty()) {
      return route;
    }
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      return HexFormat.of().formatHex(md5.digest(address.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has MD5", e);
    }
  }

  /// Finds out what session a request is of; to be called while its head is there.
  ///
  /// @param roster who is a member at the moment
  /// @param scratch for texts; what is in it is lost
  /// @param now the time of the loop
  public Binding bind(Request request, @Nullable Roster roster, HeadWriter scratch, long now) {
    return switch (kind) {
      case Kind.OfCookie(InsertedCookie cookie) -> {
        String bound =
            roster != null && roster.isOf(this)
                ? roster.named(request, cookie.lowerCaseName())
                : null;
        yield new Binding(this, bound, KeySource.NOTHING, cookie.domain(request));
      }
      case Kind.OfRoute(Sticky.Route route) ->
          new Binding(this, name(route, request), KeySource.NOTHING, null);
      case Kind.OfTable table -> {
        long session = session(table.asked(), request, scratch);
        String bound = session == KeySource.NOTHING ? null : table.table().find(session, now);
        yield new Binding(this, bound, session, null);
      }
    };
  }

  private static @Nullable String name(Sticky.Route route, Request request) {
    for (int i = 0; i < route.names().size(); i++) {
      String name = route.names().get(i).text(request);
      if (!name.isEmpty()) {
        return name;
      }
    }
    return null;
  }

  private long session(List<KeySource> sources, Request request, HeadWriter scratch) {
    long found = KeySource.NOTHING;
    for (int i = 0; i < sources.size() && found == KeySource.NOTHING; i++) {
      found = sources.get(i).ofRequest(request, scratch, hash);
    }
    return found;
  }
}
