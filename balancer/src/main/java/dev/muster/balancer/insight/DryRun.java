package dev.muster.balancer.insight;

import dev.muster.balancer.config.Addresses;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.dispatch.Explanation;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.Refusal;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.http1.TargetPath;
import dev.muster.balancer.insight.Description.Member;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Step;
import dev.muster.balancer.pipeline.Turn;
import dev.muster.balancer.pipeline.Verdict;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Client;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.route.Hosts;
import dev.muster.balancer.route.RoutingTable;
import dev.muster.balancer.route.VirtualServer;
import dev.muster.balancer.upstream.Cluster;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request's way through the balancer, gone without sending anything or changing what others
/// see; a note is taken at every turn. Used once.
final class DryRun {
  private static final int SEARCHES_MAX = 10;
  private static final int LINE_BYTES_MAX = 1 << 20;
  private static final int FIELDS_MAX = 1000;
  private static final Turn NOWHERE =
      new Turn() {
        @Override
        public void resume(Verdict verdict) {
          // Nobody waits.
        }

        @Override
        public EventLoop loop() {
          throw new UnsupportedOperationException("a step that waits was run dry");
        }

        @Override
        public void atEnd(Runnable action) {
          // There is nothing to undo.
        }
      };

  private final RoutingTable table;
  private final Standings standings;
  private final Socket socket;
  private final boolean followsTags;
  private final List<String> steps = new ArrayList<>();
  private String server = "";
  private String location = "";
  private String upstream = "";
  private String instance = "";
  private List<Member> members = List.of();
  private int status;
  private int searches;

  /// @param followsTags whether the routes that services ask for are reached by the socket
  DryRun(RoutingTable table, Standings standings, Socket socket, boolean followsTags) {
    this.table = table;
    this.standings = standings;
    this.socket = socket;
    this.followsTags = followsTags;
  }

  Explained of(Question question) {
    note("it comes in by " + socket);
    InetAddress client = Addresses.literal(question.client());
    if (client == null) {
      throw new IllegalArgumentException(
          "the client '" + question.client() + "' is not an IP address");
    }
    byte[] bytes = question.head().getBytes(StandardCharsets.ISO_8859_1);
    var head = new RequestHead(LINE_BYTES_MAX, LINE_BYTES_MAX, FIELDS_MAX);
    int end = head.parse(bytes, 0, bytes.length);
    if (end == HeaderBlock.REFUSED) {
      refused(head.refusal());
    } else if (end < 0) {
      throw new IllegalArgumentException("the request is not whole");
    } else {
      var own = new InetSocketAddress(Addresses.literal(socket.address()), socket.port());
      var request = new Request(new Client(new InetSocketAddress(client, 0), own), head, 0);
      route(request);
    }
    return new Explained(
        steps, socket.toString(), server, location, upstream, instance, status, members);
  }

  private void refused(Refusal why) {
    status = why.status();
    note("it is refused with %d: %s".formatted(status, why.reason()));
  }

  private void note(String sentence) {
    steps.add(sentence);
  }

  private void route(Request request) {
    RequestHead head = request.head();
    byte[] host = lowerCaseHost(head);
    String named = new String(host, StandardCharsets.ISO_8859_1);
    Hosts hosts = table.hosts(socket);
    VirtualServer found = hosts == null ? null : hosts.named(request, host, host.length);
    if (found != null) {
      note("virtual server %s answers for host %s".formatted(found.name(), named));
      serve(found, request);
      return;
    }
    if (hosts != null) {
      note("no virtual server is named " + named);
    }
    if (followsTags) {
      TargetPath path = head.path();
      if (path.hasDotSegment()) {
        refused(TargetPath.DOT_SEGMENT);
        return;
      }
      Location tagged = table.byTag(host, host.length, path.bytes(), path.start(), path.end());
      if (tagged != null) {
        note("a service asks for this path by its tag: " + tagged.name());
        location = tagged.name();
        forward(Objects.requireNonNull(tagged.cluster()), request);
        return;
      }
      note("no service asks for %s%s by a tag".formatted(named, request.uri()));
    }
    if (hosts == null) {
      answered(404, "there is no route");
      return;
    }
    note("virtual server %s is the socket's default".formatted(hosts.fallback().name()));
    serve(hosts.fallback(), request);
  }

  private static byte[] lowerCaseHost(RequestHead head) {
    int end = head.hostEnd();
    if (end > head.hostStart() && head.bytes()[end - 1] == '.') {
      end--;
    }
    byte[] host = new byte[end - head.hostStart()];
    for (int i = 0; i < host.length; i++) {
      host[i] = Octets.lower(head.bytes()[head.hostStart() + i]);
    }
    return host;
  }

  private void answered(int with, String why) {
    status = with;
    note("the balancer answers %d: %s".formatted(with, why));
  }

  /// The order is that of a request that is served.
  private void serve(VirtualServer by, Request request) {
    server = by.name();
    if (!request.enter(by.site())) {
      refused(TargetPath.DOT_SEGMENT);
      return;
    }
    Place place = new Place(by.root(), 0, false);
    while (place != null) {
      Location at = place.location();
      if (place.step() < (place.isLocated() ? at.stepCount() : at.rewriteCount())) {
        Verdict verdict = verdict(at.step(place.step()), request);
        place = follow(verdict, place.after(), by, request);
      } else if (!place.isLocated()) {
        place = locate(place, by, request);
      } else {
        end(at, request);
        place = null;
      }
    }
  }

  /// How far a request has come.
  ///
  /// @param step the next one
  /// @param isLocated whether its location was looked for
  private record Place(Location location, int step, boolean isLocated) {
    Place after() {
      return new Place(location, step + 1, isLocated);
    }
  }

  private @Nullable Place locate(Place before, VirtualServer by, Request request) {
    Location found = by.locations().find(request);
    if (found == null) {
      note("no location is for " + request.uri());
      return new Place(before.location(), before.step(), true);
    }
    enter(found);
    if (found.config().isInternal() && !request.isInternal()) {
      answered(404, found.name() + " is for redirects within the balancer only");
      return null;
    }
    return new Place(found, 0, true);
  }

  /// Returns where the request goes on; null if it does not.
  private @Nullable Place follow(Verdict verdict, Place next, VirtualServer by, Request request) {
    return switch (verdict) {
      case Verdict.Next _ -> next;
      case Verdict.Wait _ -> {
        note("it would wait here");
        yield next;
      }
      case Verdict.Search _ -> {
        note("rewritten to " + request.uri());
        yield !next.isLocated() ? next : again(by.root(), by.root().rewriteCount());
      }
      case Verdict.Redirect(String uri, String args) -> {
        request.rewrite(uri, args);
        note("redirected within the balancer to " + uri);
        yield again(by.root(), 0);
      }
      case Verdict.In(Location inner) -> {
        note("what is within an if holds from here on");
        yield new Place(inner, 0, next.isLocated());
      }
      case Verdict.Named(String name) -> {
        Location named = by.locations().named(name);
        if (named == null || isTooMany("there is no location " + name)) {
          answered(500, "there is no location " + name);
          yield null;
        }
        yield new Place(enter(named), 0, true);
      }
      case Verdict.To(Cluster cluster) -> {
        forward(cluster, request);
        yield null;
      }
      case Verdict.HangUp _ -> {
        status = 444;
        note("the connection is closed without an answer");
        yield null;
      }
      case Verdict.SendFile file -> {
        answered(file.status(), "a file is sent");
        yield null;
      }
      case Answer answer -> {
        answered(answer.status(), next.location().name() + " says so");
        yield null;
      }
    };
  }

  private @Nullable Place again(Location root, int from) {
    return isTooMany("the rewrites of this path go round in circles")
        ? null
        : new Place(root, from, false);
  }

  private Location enter(Location next) {
    location = next.name();
    note(next.name() + " is for this path");
    return next;
  }

  private boolean isTooMany(String why) {
    if (++searches > SEARCHES_MAX) {
      answered(500, why);
      return true;
    }
    return false;
  }

  private Verdict verdict(Step step, Request request) {
    String name = step.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    if (!step.isRepeatable()) {
      note("what %s would say is left out: asking it counts".formatted(name));
      return Verdict.NEXT;
    }
    return step.run(request, NOWHERE);
  }

  private void end(Location at, Request request) {
    @Nullable Cluster cluster = at.cluster();
    if (cluster == null && at.config().content() instanceof Content.Nothing) {
      answered(404, "there is nothing at this path");
    } else if (cluster == null) {
      note(at.name() + " is answered by the balancer itself");
    } else {
      forward(cluster, request);
    }
  }

  private void forward(Cluster cluster, Request request) {
    upstream = cluster.name();
    note("%s answers, by %s".formatted(upstream, cluster.rules().policy().algorithm()));
    Explanation found = standings.explain(cluster, request);
    members = standings.members(cluster.membership(), found, true);
    if (found.chosen() >= 0 && found.chosen() < members.size()) {
      Member chosen = members.get(found.chosen());
      instance = chosen.instance();
      note("it goes to %s at %s: %s".formatted(instance, chosen.address(), found.sentence()));
    } else {
      answered(cluster.emptyStatus(), found.sentence());
    }
  }
}
