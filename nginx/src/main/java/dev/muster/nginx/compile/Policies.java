package dev.muster.nginx.compile;

import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.nginx.language.Directive;
import java.util.List;
import java.util.Optional;

/// All that holds on a level besides its instructions.
record Policies(
    Texts texts,
    Proxies proxies,
    Files files,
    Responses responses,
    Access access,
    Clients clients,
    Logs logs) {

  /// A location without instructions and locations within.
  LocationConfig of(Level level, Match match, Content content) {
    LocationConfig location =
        LocationConfig.of(match)
            .with(content)
            .with(responses.of(level))
            .with(access.of(level))
            .with(clients.of(level))
            .withLogs(logs.of(level));
    return level.here("internal").isEmpty() ? location : location.internal();
  }

  /// What answers in a location.
  ///
  /// @param passes the `proxy_pass` that holds here, if one does
  Content content(Level level, Match match, List<Directive> passes, boolean isLocation) {
    return files.tried(level, answering(level, match, passes, isLocation));
  }

  private Content answering(Level level, Match match, List<Directive> passes, boolean isLocation) {
    if (!passes.isEmpty()) {
      boolean allowsUri =
          isLocation
              && switch (match) {
                case Match.Exact _, Match.Prefix _ -> true;
                case Match.Regex _, Match.Named _ -> false;
              };
      return proxies
          .of(passes.getFirst(), level, allowsUri)
          .<Content>map(Content.Proxy::new)
          .orElse(new Content.Nothing());
    }
    if (!level.here("stub_status").isEmpty()) {
      return new Content.StubStatus();
    }
    Optional<Directive> gif = level.first("empty_gif");
    return gif.isPresent() ? new Content.EmptyGif() : files.of(level);
  }
}
