package dev.muster.balancer.config;

/// What answers the requests of a location.
public sealed interface Content {
  /// An instance of an upstream (`proxy_pass`).
  ///
  /// @param proxy how it is asked
  record Proxy(ProxyConfig proxy) implements Content {}

  /// A file.
  ///
  /// @param files where and how
  record Files(FilesConfig files) implements Content {}

  /// Whatever follows, after files were looked for (`try_files`).
  ///
  /// @param files where they are looked for
  /// @param tries which
  /// @param then what answers if one is there
  record Tried(FilesConfig files, FilesConfig.Tries tries, Content then) implements Content {}

  /// The balancer's own numbers (`stub_status`).
  record StubStatus() implements Content {}

  /// A picture of one transparent pixel (`empty_gif`).
  record EmptyGif() implements Content {}

  /// Whoever the chain of a service says.
  ///
  /// @param name in [Configuration#chains]
  record Chain(String name) implements Content {}

  /// Nothing does: 404, if the instructions do not answer.
  record Nothing() implements Content {}
}
