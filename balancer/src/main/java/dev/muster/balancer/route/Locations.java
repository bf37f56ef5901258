package dev.muster.balancer.route;

import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Redirects;
import dev.muster.balancer.pipeline.Step;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.response.ResponseRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The locations of a virtual server or of another location, and nginx's order of asking them: the
/// whole path, then the longest prefix and what is within it, then, unless that prefix forbids it,
/// the regular expressions in the order of the file. Who asks for `/x` where only `/x/` is passed
/// on is sent there. Immutable.
public final class Locations {
  /// Without any.
  public static final Locations NONE = new Locations(List.of());

  private final OctetMap<Location> exact;
  private final Prefixes<Branch> prefixes;
  private final List<Branch> patterns = new ArrayList<>();
  private final Map<String, Location> named = new HashMap<>();

  /// A location and those within it.
  ///
  /// @param location what is done
  /// @param nested the locations within
  public record Branch(Location location, Locations nested) {
    private Match match() {
      return location.config().match();
    }

    private boolean beatsPatterns() {
      return match() instanceof Match.Prefix(_, boolean beats) && beats;
    }
  }

  /// Those, in the order of the file.
  public Locations(List<Branch> branches) {
    Map<String, Location> whole = new HashMap<>();
    Map<String, Branch> starts = new HashMap<>();
    Map<String, Location> folders = new HashMap<>();
    for (Branch branch : branches) {
      switch (branch.match()) {
        case Match.Exact(String path) -> {
          whole.putIfAbsent(path, branch.location());
          addFolder(path, branch.location(), folders);
        }
        case Match.Prefix(String path, _) -> {
          starts.putIfAbsent(path, branch);
          addFolder(path, branch.location(), folders);
        }
        case Match.Regex _ -> patterns.add(branch);
        case Match.Named(String name) -> named.putIfAbsent(name, branch.location());
      }
    }
    folders.forEach(
        (path, redirect) -> {
          if (!starts.containsKey(path)) {
            whole.putIfAbsent(path, redirect);
          }
        });
    this.exact = new OctetMap<>(whole);
    this.prefixes = new Prefixes<>(starts);
  }

  private static void addFolder(String path, Location location, Map<String, Location> folders) {
    if (path.length() > 1
        && path.endsWith("/")
        && location.config().content() instanceof Content.Proxy) {
      String folder = path.substring(0, path.length() - 1);
      LocationConfig config =
          LocationConfig.of(new Match.Exact(folder)).with(location.config().response());
      folders.putIfAbsent(
          folder,
          Location.of(
              location.name(),
              config,
              new Step[] {Redirects.toFolder()},
              null,
              null,
              new ResponseRules(config, false),
              location.ledger()));
    }
  }

  /// Whether there is none.
  public boolean isEmpty() {
    return exact.isEmpty() && prefixes.isEmpty() && patterns.isEmpty();
  }

  /// The location for a request's path as it is now, or null.
  ///
  /// @throws dev.muster.balancer.request.PatternTooCostly if it cannot be said
  public @Nullable Location find(Request request) {
    request.leaveLocation(false);
    if (isEmpty()) {
      return null;
    }
    byte[] path = request.pathOctets();
    int start = request.pathStart();
    int end = request.pathEnd();
    Location whole = exact.isEmpty() ? null : exact.find(path, start, end);
    if (whole != null) {
      return whole;
    }
    Branch longest = prefixes.longest(path, start, end);
    Location found = longest == null ? null : longest.location();
    if (longest != null && !longest.nested().isEmpty()) {
      Location within = longest.nested().find(request);
      if (within != null && !(within.config().match() instanceof Match.Prefix)) {
        return within;
      }
      found = within == null ? found : within;
    }
    if (patterns.isEmpty() || (longest != null && longest.beatsPatterns())) {
      return found;
    }
    Location byPattern = byPattern(request);
    return byPattern == null ? found : byPattern;
  }

  private @Nullable Location byPattern(Request request) {
    for (Branch branch : patterns) {
      if (branch.match() instanceof Match.Regex(var pattern, Groups groups)
          && request.finds(pattern, groups.slots(), request.uri())) {
        Location within = branch.nested().isEmpty() ? null : branch.nested().find(request);
        return within == null ? branch.location() : within;
      }
    }
    return null;
  }

  /// The location of that name, or null.
  public @Nullable Location named(String name) {
    return named.get(name);
  }
}
