package dev.muster.registry.entry;

import java.util.Locale;
import java.util.Optional;

/// What a [ConfigEntry] configures.
public enum Kind {
  SERVICE_DEFAULTS(ServiceDefaults.class),
  PROXY_DEFAULTS(ProxyDefaults.class),
  SERVICE_ROUTER(ServiceRouter.class),
  SERVICE_SPLITTER(ServiceSplitter.class),
  SERVICE_RESOLVER(ServiceResolver.class),
  INGRESS_GATEWAY(IngressGateway.class);

  private final Class<? extends ConfigEntry> type;

  Kind(Class<? extends ConfigEntry> type) {
    this.type = type;
  }

  /// The record of this kind.
  public Class<? extends ConfigEntry> type() {
    return type;
  }

  /// The word Consul uses.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The kind with this word.
  public static Optional<Kind> of(String word) {
    for (Kind kind : values()) {
      if (kind.word().equals(word)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
