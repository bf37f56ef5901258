package dev.muster.balancer.request;

import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.http1.TargetPath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/// One request while it is served: its head, and what was found out and decided on its way. Belongs
/// to the loop of its client; cheap to make, everything else is computed when it is asked for.
public final class Request {
  private static final int ASSIGNED_MAX = 1024;

  private final Client client;
  private final long startedNanos;
  private RequestHead head;
  private boolean isHeadKept;
  private @Nullable String uri;
  private @Nullable String args;
  private boolean isRewritten;
  private @Nullable String sentTarget;
  private @Nullable MatchResult groups;
  private @Nullable String[] assigned = new String[0];

  /// A request whose head was just read; until [#keepHead] the head is the loop's, and another
  /// request will overwrite it.
  public Request(Client client, RequestHead head, long startedNanos) {
    this.client = client;
    this.head = head;
    this.startedNanos = startedNanos;
  }

  /// Who asks.
  public Client client() {
    return client;
  }

  /// What was asked.
  public RequestHead head() {
    return head;
  }

  /// When its head was read, as of the loop's clock.
  public long startedNanos() {
    return startedNanos;
  }

  /// Makes the head outlive this turn of the loop: to be called before anything waits that will ask
  /// for it afterwards.
  public void keepHead() {
    if (!isHeadKept) {
      head = head.copy();
      isHeadKept = true;
    }
  }

  /// The method.
  public String method() {
    return latin1(head.bytes(), head.methodStart(), head.methodEnd());
  }

  /// The target as it was sent.
  public String target() {
    return latin1(head.bytes(), head.targetStart(), head.targetEnd());
  }

  /// The path as it is now: decoded, without its query, as rewrites left it.
  public String uri() {
    String known = uri;
    if (known == null) {
      TargetPath path = head.path();
      known = latin1(path.bytes(), path.start(), path.end());
      uri = known;
    }
    return known;
  }

  /// Whether a rewrite changed the path or the query.
  public boolean isRewritten() {
    return isRewritten;
  }

  /// Puts another path and query in place.
  public void rewrite(String path, String query) {
    uri = path;
    args = query;
    isRewritten = true;
  }

  /// The query as it is now, without its question mark.
  public String args() {
    String known = args;
    if (known == null) {
      known = latin1(head.bytes(), head.queryStart(), head.targetEnd());
      args = known;
    }
    return known;
  }

  /// The host asked for: in lower case, without port; our address if none was named.
  public String host() {
    int start = head.hostStart();
    int end = head.hostEnd();
    if (end == start) {
      return client.ownAddress();
    }
    return latin1(head.bytes(), start, end).toLowerCase(Locale.ROOT);
  }

  /// The host and port asked for, as sent; our address if none was named.
  public String authority() {
    return head.hostEnd() == head.hostStart()
        ? client.ownAddress() + ":" + client.ownPort()
        : latin1(head.bytes(), head.hostStart(), head.authorityEnd());
  }

  /// The values of all header lines of that name, in lower case, joined by commas; null without
  // any.
  public @Nullable String header(String name) {
    return header(head.headers(), head.bytes(), name);
  }

  private static @Nullable String header(HeaderBlock headers, byte[] bytes, String name) {
    String found = null;
    for (int i = 0; i < headers.count(); i++) {
      if (headers.isNamed(i, name)) {
        String value = latin1(bytes, headers.valueStart(i), headers.valueEnd(i));
        found = found == null ? value : found + ", " + value;
      }
    }
    return found;
  }

  /// The target that an instance gets instead of this one; null for this one.
  public @Nullable String sentTarget() {
    return sentTarget;
  }

  /// Sends another target to instances.
  public void sendTo(String target) {
    sentTarget = target;
  }

  /// A group of the last regular expression that matched; null if it has no such group.
  public @Nullable String group(int number) {
    MatchResult known = groups;
    return known == null || number > known.groupCount() ? null : known.group(number);
  }

  /// Remembers what matched, and the named groups of it.
  ///
  /// @param slots by name of the group, where to keep it
  public void matched(MatchResult result, Map<String, Integer> slots) {
    groups = result;
    for (Map.Entry<String, Integer> slot : slots.entrySet()) {
      String value = result.group(slot.getKey());
      assign(slot.getValue(), value == null ? "" : value);
    }
  }

  /// What was last assigned to a slot; null before.
  public @Nullable String assigned(int slot) {
    return slot < assigned.length ? assigned[slot] : null;
  }

  /// Assigns a value.
  public void assign(int slot, String value) {
    if (slot >= ASSIGNED_MAX) {
      throw new IllegalArgumentException("more than " + ASSIGNED_MAX + " variables are assigned");
    }
    if (slot >= assigned.length) {
      assigned = Arrays.copyOf(assigned, slot + 4);
    }
    assigned[slot] = value;
  }

  private static String latin1(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
