package dev.muster.balancer.session;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.session.Sessions.Kind;
import org.jspecify.annotations.Nullable;

/// To whom the session of one request is bound, before and after it was answered. Belongs to the
/// request's loop.
public final class Binding {
  private final Sessions sessions;
  private final @Nullable String bound;
  private final long session;
  private final @Nullable String domain;

  /// @param bound the name of the member that the session is bound to; null for a new session
  /// @param session the hash of its name, if it is remembered here
  /// @param domain of the cookie
  Binding(Sessions sessions, @Nullable String bound, long session, @Nullable String domain) {
    this.sessions = sessions;
    this.bound = bound;
    this.session = session;
    this.domain = domain;
  }

  /// Whether the request belongs to a session that has a member.
  public boolean isBound() {
    return bound != null;
  }

  /// The index of the member that the session is bound to, as long as that takes its requests:
  /// while it is healthy, and while it drains; -1 if another one is to be chosen.
  public int preferred(@Nullable Roster roster) {
    return bound == null || roster == null || !roster.isOf(sessions) ? -1 : roster.open(bound);
  }

  /// The request goes to a member. A session that the request itself names is bound at once, so
  /// that other requests of it, sent at the same time, follow.
  public void begun(@Nullable Roster roster, int index, long now) {
    if (roster != null
        && roster.isOf(sessions)
        && sessions.kind() instanceof Kind.OfTable table
        && table.isOfRequest()) {
      bind(table, roster, index, session, now);
    }
  }

  /// A member answered. Binds the session to it, and appends the line that tells the client so.
  ///
  /// @param headers of the answer
  /// @param bytes that they point into
  public void answered(
      @Nullable Roster roster,
      int index,
      HeaderBlock headers,
      byte[] bytes,
      HeadWriter out,
      long now) {
    if (roster == null || !roster.isOf(sessions)) {
      return;
    }
    switch (sessions.kind()) {
      case Kind.OfCookie(InsertedCookie cookie) -> {
        boolean isNews = !roster.name(index).equals(bound);
        if (isNews ? !isKept(roster) : cookie.isRenewed()) {
          cookie.write(roster.cookie(index), domain, out);
        }
      }
      case Kind.OfRoute _ -> {}
      case Kind.OfTable table -> {
        long created = created(table, headers, bytes);
        if (created != KeySource.NOTHING) {
          bind(table, roster, index, created, now);
        } else if (bound != null || table.isOfRequest()) {
          bind(table, roster, index, session, now);
        }
      }
    }
  }

  private long created(Kind.OfTable table, HeaderBlock headers, byte[] bytes) {
    long found = KeySource.NOTHING;
    for (int i = 0; i < table.created().size() && found == KeySource.NOTHING; i++) {
      found = table.created().get(i).ofAnswer(headers, bytes, sessions.hash());
    }
    return found;
  }

  private void bind(Kind.OfTable table, Roster roster, int index, long to, long now) {
    String name = roster.name(index);
    boolean isSame = to == session && name.equals(bound);
    if (to != KeySource.NOTHING && !isSame && !(to == session && isKept(roster))) {
      table.table().put(to, name, now);
    }
  }

  /// Whether the session stays with its member although another one helps out.
  private boolean isKept(Roster roster) {
    return sessions.isLoyal() && bound != null && roster.isKnown(bound);
  }
}
