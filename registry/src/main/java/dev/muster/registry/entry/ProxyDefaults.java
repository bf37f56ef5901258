package dev.muster.registry.entry;

import java.util.List;
import java.util.Map;

/// What holds for all services that do not say otherwise. There is one, called `global`.
///
/// @param config anything; its member `protocol` is the protocol of services
public record ProxyDefaults(
    @Shown String name,
    @Shown Map<String, Object> config,
    @Inlined ProxySettings proxy,
    Map<String, String> meta)
    implements ConfigEntry {
  public static final String GLOBAL = "global";

  public ProxyDefaults {
    config = Copies.of(config);
    meta = Copies.of(meta);
  }

  /// The protocol of services that name none; empty if nothing is said here either.
  public String protocol() {
    return config.get("protocol") instanceof String protocol ? protocol : "";
  }

  @Override
  public ProxyDefaults normalized() {
    return name.isEmpty() ? new ProxyDefaults(GLOBAL, config, proxy, meta) : this;
  }

  @Override
  public void check() throws InvalidEntry {
    InvalidEntry.unless(
        name.equals(GLOBAL), "invalid name (\"%s\"), only \"%s\" is supported", name, GLOBAL);
    Copies.checkMeta(meta);
    proxy.check();
  }

  @Override
  public List<String> references() {
    return List.of();
  }
}
