package dev.muster.balancer.request;

import static dev.muster.balancer.http1.Octets.latin1;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One request while it is served: its head, and what was found out and decided on its way. Belongs
/// to the loop of its client; cheap to make, everything else is computed when it is asked for.
public final class Request {
  /// The slot of the query, which `set $args` assigns.
  public static final int ARGS = -1;

  /// The slot of the octets in a second that the client gets, which `set $limit_rate` assigns.
  public static final int LIMIT_RATE = -2;

  private static final int ASSIGNED_MAX = 1024;
  private static final int DEPTH_MAX = 100;
  private static final byte[] SEPARATOR = {',', ' '};

  private final Client peer;
  private final long startedNanos;
  private final Outcome outcome = new Outcome();
  private Client client;
  private RequestHead head;
  private Site site = Site.PLAIN;
  private boolean isHeadKept;

  // Null while the path is as the head has it.
  private byte @Nullable [] path;
  private @Nullable String uri;
  private @Nullable String args;
  private boolean isRewritten;
  private boolean isRedirected;
  private @Nullable String sentTarget;
  private boolean hasLeftLocation;
  private @Nullable MatchResult groups;
  private @Nullable String[] assigned = new String[0];
  private @Nullable String id;
  private @Nullable String limitRate;
  private @Nullable String upstreamName;
  private @Nullable HeaderLines sent;
  private @Nullable HeaderLines received;
  private @Nullable Map<Note, String> notes;
  private int depth;
  private boolean isCircular;
  private @Nullable Trace trace;
  private long chance;
  private boolean hasChance;
  private @Nullable Detour detour;
  private final @Nullable Request main;

  /// A request whose head was just read; until [#keepHead] the head is the loop's, and another
  /// request will overwrite it.
  public Request(Client client, RequestHead head, long startedNanos) {
    this(client, head, startedNanos, null);
  }

  private Request(Client client, RequestHead head, long startedNanos, @Nullable Request main) {
    this.peer = client;
    this.client = client;
    this.head = head;
    this.startedNanos = startedNanos;
    this.main = main;
  }

  /// A request of the balancer's own on behalf of this one, which stands for it in variables; null
  /// if its path cannot be decoded without doubt.
  ///
  /// @param own its head, which must outlive it
  public @Nullable Request subrequest(RequestHead own) {
    var made = new Request(peer, own, startedNanos, main == null ? this : main);
    made.client = client;
    made.isHeadKept = true;
    made.assigned = assigned.clone();
    // Its variables ask the head of the client's request, which another would overwrite.
    keepHead();
    return made.enter(site) ? made : null;
  }

  /// Whether it is one of the balancer's own.
  public boolean isSubrequest() {
    return main != null;
  }

  /// Who asks; not always who is connected, see [#speaksFor].
  public Client client() {
    return client;
  }

  /// Who is connected.
  public Client peer() {
    return peer;
  }

  /// Whoever is connected asks for someone else.
  public void speaksFor(InetSocketAddress other) {
    client = peer.of(other);
  }

  /// What was asked.
  public RequestHead head() {
    return head;
  }

  /// What the client asked; not [#head] in a request of the balancer's own.
  public RequestHead sentHead() {
    return main == null ? head : main.head;
  }

  /// When its head was read, as of the loop's clock.
  public long startedNanos() {
    return startedNanos;
  }

  /// What became of it so far.
  public Outcome outcome() {
    return outcome;
  }

  /// The virtual server it came to.
  public Site site() {
    return site;
  }

  /// It came to a virtual server, which decodes its path. Returns false if that cannot be done
  /// without doubt.
  public boolean enter(Site entered) {
    site = entered;
    if (head.path().isNormal()) {
      return true;
    }
    byte[] decoded = head.path().decoded(entered.mergesSlashes());
    path = decoded;
    uri = null;
    return decoded != null;
  }

  /// Its place in a distributed trace; null if it is not traced here.
  public @Nullable Trace trace() {
    return trace;
  }

  /// Takes a place in a trace.
  public void trace(Trace place) {
    trace = place;
  }

  /// Makes the head outlive this turn of the loop: to be called before anything waits that will ask
  /// for it afterwards.
  public void keepHead() {
    if (!isHeadKept) {
      head = head.copy();
      isHeadKept = true;
    }
  }

  /// An identifier that no other request has: 32 hexadecimal digits.
  public String id() {
    if (main != null) {
      return main.id();
    }
    String known = id;
    if (known == null) {
      byte[] octets = new byte[16];
      peer.surroundings().random().nextBytes(octets);
      known = HexFormat.of().formatHex(octets);
      id = known;
    }
    return known;
  }

  /// What redirects within the balancer changed; null if there was none.
  public @Nullable Detour detour() {
    return detour;
  }

  /// It was redirected within the balancer.
  public Detour redirected() {
    Detour known = detour;
    if (known == null) {
      known = new Detour();
      detour = known;
    }
    sentTarget = null;
    return known;
  }

  /// Whether it reaches what is for redirects within the balancer only (`internal`).
  public boolean isInternal() {
    return isRedirected || detour != null || main != null;
  }

  /// The method.
  public String method() {
    if (detour != null && detour.isGet()) {
      return "GET";
    }
    RequestHead sent = sentHead();
    return latin1(sent.bytes(), sent.methodStart(), sent.methodEnd());
  }

  /// The target as the client sent it.
  public String target() {
    RequestHead sent = sentHead();
    return latin1(sent.bytes(), sent.targetStart(), sent.targetEnd());
  }

  /// The path as it is now: decoded, without its query, as rewrites left it.
  public String uri() {
    String known = uri;
    if (known == null) {
      known = latin1(pathOctets(), pathStart(), pathEnd());
      uri = known;
    }
    return known;
  }

  /// The octets that the path as it is now lies in; not to be changed.
  public byte[] pathOctets() {
    byte[] own = path;
    return own == null ? head.path().bytes() : own;
  }

  /// Where the path starts in [#pathOctets].
  public int pathStart() {
    return path == null ? head.path().start() : 0;
  }

  /// Where the path ends in [#pathOctets].
  public int pathEnd() {
    byte[] own = path;
    return own == null ? head.path().end() : own.length;
  }

  /// Whether a rewrite changed the path or the query.
  public boolean isRewritten() {
    return isRewritten;
  }

  /// Puts another path and query in place.
  public void rewrite(String newPath, String query) {
    isRedirected = true;
    change(newPath, query);
  }

  private void change(String newPath, String query) {
    uri = newPath;
    path = newPath.getBytes(StandardCharsets.ISO_8859_1);
    args = query;
    isRewritten = true;
  }

  /// Whether the path was changed without another search for a location, so that it does not start
  /// with what the location matched.
  public boolean hasLeftLocation() {
    return hasLeftLocation;
  }

  /// The path was changed within its location, or a location was found for it.
  public void leaveLocation(boolean hasLeft) {
    hasLeftLocation = hasLeft;
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

  /// The host asked for: in lower case, without port and final dot; the name of the virtual server
  /// if none was named, or our address if it has no name.
  public String host() {
    int start = head.hostStart();
    int end = hostEnd();
    if (end == start) {
      return site.name().isEmpty() ? peer.ownAddress() : site.name();
    }
    return latin1(head.bytes(), start, end).toLowerCase(Locale.ROOT);
  }

  /// Appends [#host].
  public void writeHost(HeadWriter out) {
    int end = hostEnd();
    int at = head.hostStart();
    if (at == end) {
      out.write(host().getBytes(StandardCharsets.ISO_8859_1));
    }
    for (byte[] bytes = head.bytes(); at < end; at++) {
      out.write((char) Octets.lower(bytes[at]));
    }
  }

  private int hostEnd() {
    int end = head.hostEnd();
    boolean hasDot = end > head.hostStart() && head.bytes()[end - 1] == '.';
    return hasDot ? end - 1 : end;
  }

  /// The host and port asked for, as sent; our address if none was named.
  public String authority() {
    return head.hostEnd() == head.hostStart()
        ? peer.ownAddress() + ":" + peer.ownPort()
        : latin1(head.bytes(), head.hostStart(), head.authorityEnd());
  }

  /// The values of all header lines of that name, in lower case, joined by commas; null without
  /// any.
  public @Nullable String header(String name) {
    return header(name, ", ");
  }

  /// The same, joined by something else.
  public @Nullable String header(String name, String separator) {
    HeaderBlock headers = head.headers();
    String found = null;
    for (int i = 0; i < headers.count(); i++) {
      if (headers.isNamed(i, name)) {
        String value = latin1(head.bytes(), headers.valueStart(i), headers.valueEnd(i));
        found = found == null ? value : found + separator + value;
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

  /// Appends the values of all header lines of that name, in lower case, joined by commas. Returns
  /// whether there was anything.
  public boolean writeHeader(String name, HeadWriter out) {
    HeaderBlock headers = head.headers();
    boolean hasWritten = false;
    for (int i = 0; i < headers.count(); i++) {
      if (headers.isNamed(i, name) && headers.valueEnd(i) > headers.valueStart(i)) {
        if (hasWritten) {
          out.write(SEPARATOR);
        }
        out.write(head.bytes(), headers.valueStart(i), headers.valueEnd(i));
        hasWritten = true;
      }
    }
    return hasWritten;
  }

  /// A group of the last regular expression that matched; null if it has no such group.
  public @Nullable String group(int number) {
    MatchResult known = groups;
    return known == null || number > known.groupCount() ? null : known.group(number);
  }

  /// Searches a text; if it matches, its groups are remembered.
  ///
  /// @param slots by name of the group, where to keep it
  /// @throws PatternTooCostly if the search was given up
  public boolean finds(Pattern pattern, Map<String, Integer> slots, String text) {
    MatchResult found = Search.find(pattern, text);
    if (found == null) {
      return false;
    }
    matched(found, slots);
    return true;
  }

  /// Remembers what matched, and the named groups of it.
  ///
  /// @param slots by name of the group, where to keep it
  public void matched(MatchResult result, Map<String, Integer> slots) {
    groups = result;
    if (!slots.isEmpty()) {
      for (Map.Entry<String, Integer> slot : slots.entrySet()) {
        String value = result.group(slot.getKey());
        assign(slot.getValue(), value == null ? "" : value);
      }
    }
  }

  /// What was last assigned to a slot; null before.
  public @Nullable String assigned(int slot) {
    if (slot < 0) {
      return slot == ARGS ? args() : limitRate;
    }
    return slot < assigned.length ? assigned[slot] : null;
  }

  /// Assigns a value.
  public void assign(int slot, String value) {
    if (slot >= ASSIGNED_MAX) {
      throw new IllegalArgumentException("more than " + ASSIGNED_MAX + " variables are assigned");
    }
    if (slot == ARGS) {
      change(uri(), value);
    } else if (slot == LIMIT_RATE) {
      limitRate = value;
    } else {
      if (slot >= assigned.length) {
        assigned = Arrays.copyOf(assigned, slot + 4);
      }
      assigned[slot] = value;
    }
  }

  /// Who it is passed on to, as `proxy_pass` says it: a name with its port if that is not the
  /// usual one; null before.
  public @Nullable String upstreamName() {
    return upstreamName;
  }

  /// It is passed on.
  public void passOn(String to) {
    upstreamName = to;
  }

  /// The header lines of the answer, if a text asks for them; null before.
  public @Nullable HeaderLines sent() {
    return sent;
  }

  /// The answer has these header lines.
  public void sends(HeaderLines lines) {
    sent = lines;
  }

  /// The header lines that an instance answered with, if a text asks for them; null before.
  public @Nullable HeaderLines received() {
    return received;
  }

  /// An instance answered with these header lines.
  public void receives(HeaderLines lines) {
    received = lines;
  }

  /// What was noted about it, or null.
  public @Nullable String note(Note what) {
    Map<Note, String> known = notes;
    return known == null ? null : known.get(what);
  }

  /// Notes something about it.
  public void note(Note what, String value) {
    Map<Note, String> known = notes;
    if (known == null) {
      known = new EnumMap<>(Note.class);
      notes = known;
    }
    known.put(what, value);
  }

  /// Begins to compute a variable that may ask for others. Returns false if they go round in
  /// circles; else [#leaveVariable] is to be called.
  public boolean enterVariable() {
    isCircular |= ++depth > DEPTH_MAX;
    return !isCircular;
  }

  /// See [#enterVariable].
  public void leaveVariable() {
    depth--;
  }

  /// Whether a random number was drawn for it.
  public boolean hasChance() {
    return hasChance;
  }

  /// The random number that was drawn for it.
  public long chance() {
    return chance;
  }

  /// Keeps a random number that was drawn for it.
  public void setChance(long drawn) {
    chance = drawn;
    hasChance = true;
  }
}
