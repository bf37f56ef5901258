package dev.muster.registry.entry;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How the proxies of a mesh are set up. Kept for its author; there is no mesh here.
public record ProxySettings(
    String mode,
    @Nullable TransparentProxy transparentProxy,
    MeshGateway meshGateway,
    Expose expose) {

  /// How traffic is caught.
  public record TransparentProxy(int outboundListenerPort, boolean dialedDirectly) {}

  /// Through which gateways traffic goes.
  public record MeshGateway(String mode) {
    static final MeshGateway NONE = new MeshGateway("");
  }

  /// What is reached past the proxy.
  public record Expose(boolean checks, List<ExposedPath> paths) {
    static final Expose NONE = new Expose(false, List.of());

    public Expose {
      paths = Copies.of(paths);
    }
  }

  /// A path that is reached past the proxy.
  public record ExposedPath(
      int listenerPort, String path, int localPathPort, String protocol, boolean parsedFromCheck) {}

  public static final ProxySettings NONE =
      new ProxySettings("", null, MeshGateway.NONE, Expose.NONE);

  public ProxySettings {
    meshGateway = meshGateway == null ? MeshGateway.NONE : meshGateway;
    expose = expose == null ? Expose.NONE : expose;
  }

  void check() throws InvalidEntry {
    InvalidEntry.unless(
        Set.of("", "direct", "transparent").contains(mode), "Invalid Proxy Mode: \"%s\"", mode);
    checkMeshGateway(meshGateway);
    for (ExposedPath path : expose.paths()) {
      InvalidEntry.unless(
          path.path().startsWith("/"), "Expose.Paths: \"%s\" must start with '/'", path.path());
      InvalidEntry.unless(
          Set.of("", "http", "http2").contains(path.protocol().toLowerCase(Locale.ROOT)),
          "protocol \"%s\" not supported for path: %s, must be in: [http http2]",
          path.protocol(),
          path.path());
    }
  }

  static void checkMeshGateway(MeshGateway gateway) throws InvalidEntry {
    InvalidEntry.unless(
        Set.of("", "none", "local", "remote").contains(gateway.mode()),
        "Invalid Mesh Gateway Mode: \"%s\"",
        gateway.mode());
  }
}
