package dev.muster.balancer.route;

import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.request.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// The locations of a virtual server or of another location, and nginx's order of asking them: the
/// whole path, then the longest prefix, then, unless that forbids it, the regular expressions in
/// the order of the file. Immutable.
public final class Locations {
  private final Map<String, Branch> exact = new HashMap<>();
  private final List<Branch> prefixes = new ArrayList<>();
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
  }

  /// Those, in the order of the file.
  public Locations(List<Branch> branches) {
    for (Branch branch : branches) {
      switch (branch.match()) {
        case Match.Exact(String path) -> exact.put(path, branch);
        case Match.Prefix _ -> prefixes.add(branch);
        case Match.Regex _ -> patterns.add(branch);
        case Match.Named(String name) -> named.put(name, branch.location());
      }
    }
    prefixes.sort((a, b) -> Integer.compare(length(b), length(a)));
  }

  private static int length(Branch branch) {
    return branch.match() instanceof Match.Prefix(String path, _) ? path.length() : 0;
  }

  /// Whether there is none.
  public boolean isEmpty() {
    return exact.isEmpty() && prefixes.isEmpty() && patterns.isEmpty();
  }

  /// The location for a request's path as it is now, or null.
  public @Nullable Location find(Request request) {
    if (isEmpty()) {
      return null;
    }
    return find(request, request.uri());
  }

  private @Nullable Location find(Request request, String path) {
    Branch whole = exact.get(path);
    if (whole != null) {
      return whole.location();
    }
    Branch longest = null;
    boolean beatsPatterns = false;
    for (Branch branch : prefixes) {
      if (branch.match() instanceof Match.Prefix(String start, boolean beats)
          && path.startsWith(start)) {
        longest = branch;
        beatsPatterns = beats;
        break;
      }
    }
    Location found = longest == null ? null : longest.location();
    if (longest != null && !longest.nested().isEmpty()) {
      Location within = longest.nested().find(request, path);
      if (within != null) {
        found = within;
        beatsPatterns |= !(within.config().match() instanceof Match.Prefix);
      }
    }
    if (!beatsPatterns) {
      Location byPattern = byPattern(request, path);
      found = byPattern == null ? found : byPattern;
    }
    return found;
  }

  private @Nullable Location byPattern(Request request, String path) {
    for (Branch branch : patterns) {
      if (branch.match() instanceof Match.Regex(var pattern, Groups groups)) {
        Matcher matcher = pattern.matcher(path);
        if (matcher.find()) {
          request.matched(matcher, groups.slots());
          Location within = branch.nested().isEmpty() ? null : branch.nested().find(request, path);
          return within == null ? branch.location() : within;
        }
      }
    }
    return null;
  }

  /// The location of that name, or null.
  public @Nullable Location named(String name) {
    return named.get(name);
  }
}
