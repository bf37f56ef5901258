package dev.muster.balancer.session;

import dev.muster.balancer.dispatch.Member;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.request.Request;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The members of a cluster at one moment as its sessions know them: by names that outlast changes
/// of membership, and by cookies computed once, so that no request costs a signature. Immutable.
public final class Roster {
  private static final int NOBODY = -1;

  private final Sessions sessions;
  private final String[] names;
  private final byte[][] cookies;

  /// The first member of each name, or the first that takes the requests of its sessions.
  private final Map<String, Integer> byName = new HashMap<>();

  /// Indexes of members by the hash of their cookies, open addressing; empty without cookies.
  private final int[] byCookie;

  private final boolean[] isOpen;

  /// @param names of the members, in their order; members of the same name are as good
  /// @param cookies of the members; empty if the sessions have none
  Roster(Sessions sessions, List<Member> members, String[] names, byte[][] cookies) {
    this.sessions = sessions;
    this.names = names;
    this.cookies = cookies;
    this.isOpen = new boolean[names.length];
    for (int i = 0; i < names.length; i++) {
      isOpen[i] = members.get(i).isHealthy();
      Integer known = byName.get(names[i]);
      if (known == null || (isOpen[i] && !isOpen[known])) {
        byName.put(names[i], i);
      }
    }
    this.byCookie = new int[cookies.length == 0 ? 0 : Integer.highestOneBit(cookies.length) * 4];
    Arrays.fill(byCookie, NOBODY);
    for (int i = 0; i < cookies.length; i++) {
      int slot = slot(cookies[i], 0, cookies[i].length);
      while (byCookie[slot] != NOBODY) {
        slot = (slot + 1) & (byCookie.length - 1);
      }
      byCookie[slot] = i;
    }
  }

  boolean isOf(Sessions others) {
    return sessions == others;
  }

  String name(int index) {
    return names[index];
  }

  byte[] cookie(int index) {
    return cookies[index];
  }

  boolean isKnown(String name) {
    return byName.containsKey(name);
  }

  /// The member that takes requests of sessions bound to that name, or -1.
  int open(String name) {
    Integer index = byName.get(name);
    return index != null && isOpen[index] ? index : NOBODY;
  }

  /// The name of the member that a cookie of the request names; null if there is none that was
  /// given out by us and is of a member.
  @Nullable String named(Request request, byte[] cookieName) {
    RequestHead head = request.head();
    HeaderBlock headers = head.headers();
    byte[] bytes = head.bytes();
    for (int i = 0; i < headers.count(); i++) {
      if (headers.isNamed(i, Cookies.REQUEST)) {
        int end = headers.valueEnd(i);
        for (int at = headers.valueStart(i); at < end; ) {
          int pairEnd = Cookies.pairEnd(bytes, at, end);
          int value = Cookies.valueStart(bytes, at, pairEnd, cookieName);
          int index = value < 0 ? NOBODY : find(bytes, value, pairEnd);
          if (index >= 0) {
            return names[index];
          }
          at = Cookies.next(bytes, pairEnd, end);
        }
      }
    }
    return null;
  }

  private int find(byte[] bytes, int from, int to) {
    if (byCookie.length == 0) {
      return NOBODY;
    }
    int end = Cookies.trimmed(bytes, from, to);
    int slot = slot(bytes, from, end);
    while (byCookie[slot] != NOBODY) {
      byte[] cookie = cookies[byCookie[slot]];
      if (Arrays.equals(bytes, from, end, cookie, 0, cookie.length)) {
        return byCookie[slot];
      }
      slot = (slot + 1) & (byCookie.length - 1);
    }
    return NOBODY;
  }

  // A value ends with its signature, which is as good as chance.
  private int slot(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int at = Math.max(from, to - 8); at < to; at++) {
      hash = hash * 31 + bytes[at];
    }
    return (hash ^ hash >>> 15) & (byCookie.length - 1);
  }
}
