package dev.muster.registry.entry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/// Configuration of one service, or of all, that is the same for the whole group. Its members are
/// Consul's: the component `connectTimeout` is called `ConnectTimeout` there.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ServiceDefaults.class, name = "service-defaults"),
  @JsonSubTypes.Type(value = ProxyDefaults.class, name = "proxy-defaults"),
  @JsonSubTypes.Type(value = ServiceRouter.class, name = "service-router"),
  @JsonSubTypes.Type(value = ServiceSplitter.class, name = "service-splitter"),
  @JsonSubTypes.Type(value = ServiceResolver.class, name = "service-resolver"),
  @JsonSubTypes.Type(value = IngressGateway.class, name = "ingress-gateway")
})
public sealed interface ConfigEntry
    permits ServiceDefaults,
        ProxyDefaults,
        ServiceRouter,
        ServiceSplitter,
        ServiceResolver,
        IngressGateway {
  /// How deep a member that may hold anything is nested at most.
  int FREE_DEPTH_MAX = 50;

  /// Unique within its kind: the service's, for most.
  String name();

  /// What its author noted; means nothing here.
  Map<String, String> meta();

  /// The same in the spelling in which it is kept.
  ConfigEntry normalized();

  /// Refuses what can mean nothing, whatever other entries say.
  ///
  /// @throws InvalidEntry with the first reason
  void check() throws InvalidEntry;

  /// The names of the services that it refers to, other than its own.
  List<String> references();

  default Kind kind() {
    return switch (this) {
      case ServiceDefaults _ -> Kind.SERVICE_DEFAULTS;
      case ProxyDefaults _ -> Kind.PROXY_DEFAULTS;
      case ServiceRouter _ -> Kind.SERVICE_ROUTER;
      case ServiceSplitter _ -> Kind.SERVICE_SPLITTER;
      case ServiceResolver _ -> Kind.SERVICE_RESOLVER;
      case IngressGateway _ -> Kind.INGRESS_GATEWAY;
    };
  }
}
