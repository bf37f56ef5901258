package dev.muster.balancer.config;

import java.util.Set;

/// What is compressed on its way to the client (nginx's gzip module).
///
/// @param types media types beside `text/html`, in lower case; `*` for all (`gzip_types`)
/// @param minLength shorter answers are not, if their length is known (`gzip_min_length`)
/// @param level 1 to 9 (`gzip_comp_level`)
/// @param proxied which answers to other proxies are, empty for none (`gzip_proxied`)
/// @param addsVary whether caches are told that it depends (`gzip_vary`)
/// @param needsVersion11 whether clients of HTTP/1.0 get nothing compressed (`gzip_http_version`)
public record GzipConfig(
    Set<String> types,
    long minLength,
    int level,
    Set<Proxied> proxied,
    boolean addsVary,
    boolean needsVersion11) {
  /// Answers to requests with a Via field.
  public enum Proxied {
    /// Those whose Expires forbids caching.
    EXPIRED,
    /// Those with `Cache-Control: no-cache`.
    NO_CACHE,
    /// Those with `Cache-Control: no-store`.
    NO_STORE,
    /// Those with `Cache-Control: private`.
    PRIVATE,
    /// Those without Last-Modified.
    NO_LAST_MODIFIED,
    /// Those without ETag.
    NO_ETAG,
    /// Those to requests with Authorization.
    AUTH,
    /// All.
    ANY
  }

  /// Copies what it is given.
  public GzipConfig {
    types = Set.copyOf(types);
    proxied = Set.copyOf(proxied);
    if (level < 1 || level > 9) {
      throw new IllegalArgumentException("gzip_comp_level is " + level + ", not 1 to 9");
    }
  }

  /// nginx's.
  public static GzipConfig defaults() {
    return new GzipConfig(Set.of(), 20, 1, Set.of(), false, true);
  }

  /// The same for other media types.
  public GzipConfig withTypes(Set<String> others) {
    return new GzipConfig(others, minLength, level, proxied, addsVary, needsVersion11);
  }
}
