package dev.muster.balancer.file;

import dev.muster.balancer.config.FilesConfig;
import dev.muster.balancer.config.FilesConfig.Directory;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The files of one location. No path leads out of its directory, but for symbolic links in it.
/// Thread-safe.
public final class FileTree {
  private final Disk disk;
  private final FilesConfig config;
  private final String prefix;
  private final boolean isWholePath;

  /// Those of a location.
  public FileTree(Disk disk, FilesConfig config, Match match) {
    this.disk = disk;
    this.config = config;
    boolean isAlias = config.directory().isAlias();
    this.prefix =
        switch (match) {
          case Match.Prefix(String path, _) when isAlias -> path;
          case Match.Exact(String path) when isAlias -> path;
          case Match.Prefix _, Match.Exact _, Match.Regex _, Match.Named _ -> "";
        };
    this.isWholePath = isAlias && match instanceof Match.Regex;
  }

  /// What they are.
  public FilesConfig config() {
    return config;
  }

  /// Where a path leads; null if it leads nowhere.
  ///
  /// @param uri a decoded path, octets as Latin-1 characters
  public @Nullable String path(Request request, String uri) {
    Directory directory = config.directory();
    String base = directory.path().text(request);
    String rest = isWholePath ? "" : uri;
    if (!prefix.isEmpty()) {
      if (!uri.startsWith(prefix)) {
        return null;
      }
      rest = uri.substring(prefix.length());
    }
    // What stands in the configuration may climb; what comes from a request may not.
    if (climbs(rest) || (!directory.path().isLiteral() && climbs(base))) {
      return null;
    }
    String path =
        base.endsWith("/") && rest.startsWith("/") ? base + rest.substring(1) : base + rest;
    return new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static boolean climbs(String path) {
    int start = 0;
    for (int at = 0; at <= path.length(); at++) {
      boolean isEnd = at == path.length();
      if (isEnd || path.charAt(at) == '/') {
        if (at - start == 2 && path.startsWith("..", start)) {
          return true;
        }
        start = at + 1;
      } else if (path.charAt(at) == 0) {
        return true;
      }
    }
    return false;
  }

  /// The media type of a path.
  public String type(String uri) {
    int dot = uri.lastIndexOf('.');
    if (dot < 0 || uri.indexOf('/', dot) >= 0) {
      return config.defaultType();
    }
    String extension = uri.substring(dot + 1).toLowerCase(Locale.ROOT);
    return config.types().getOrDefault(extension, config.defaultType());
  }

  /// Opens what is at a path and says so on the loop.
  public void open(String path, Executor loop, Consumer<Found> then) {
    if (!disk.ask(() -> Disk.open(path), loop, then)) {
      loop.execute(() -> then.accept(new Found.Busy()));
    }
  }

  /// A path that is looked for.
  ///
  /// @param path of a file or directory, null for one that leads nowhere
  /// @param isDirectory which
  public record Candidate(@Nullable String path, boolean isDirectory) {}

  /// Says on the loop which of the paths is the first that is there; -1 for none, -2 if the disk
  /// does not keep up.
  public void first(List<Candidate> candidates, Executor loop, Consumer<Integer> then) {
    if (!disk.ask(() -> firstOf(candidates), loop, then)) {
      loop.execute(() -> then.accept(-2));
    }
  }

  private static int firstOf(List<Candidate> candidates) {
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      if (candidate.path() != null && Disk.exists(candidate.path(), candidate.isDirectory())) {
        return i;
      }
    }
    return -1;
  }
}
