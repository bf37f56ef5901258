package dev.muster.balancer.variable;

import dev.muster.balancer.request.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `geo`: a text that depends on an address. Immutable.
public final class Geo implements Variable {
  private static final String NO_ADDRESS = "255.255.255.255";

  private final Optional<Template> source;
  private final Optional<ForwardedFor> proxies;
  private final AddressTable<String> table;
  private final String otherwise;

  /// @param source what has the address; the client without
  /// @param proxies whose `X-Forwarded-For` is believed (`proxy`, `proxy_recursive`)
  /// @param table the values
  /// @param otherwise the value of an address that is not in it (`default`)
  public Geo(
      Optional<Template> source,
      Optional<ForwardedFor> proxies,
      AddressTable<String> table,
      String otherwise) {
    this.source = source;
    this.proxies = proxies;
    this.table = table;
    this.otherwise = otherwise;
  }

  @Override
  public String value(Request request) {
    String found = table.find(address(request));
    return found == null ? otherwise : found;
  }

  private InetAddress address(Request request) {
    if (source.isPresent()) {
      InetSocketAddress read = ForwardedFor.address(source.get().text(request));
      return read == null ? noAddress() : read.getAddress();
    }
    if (proxies.isPresent()) {
      @Nullable InetSocketAddress real =
          proxies.get().find(request, request.header("x-forwarded-for"));
      if (real != null) {
        return real.getAddress();
      }
    }
    return request.client().remote().getAddress();
  }

  private static InetAddress noAddress() {
    InetSocketAddress none = ForwardedFor.address(NO_ADDRESS);
    if (none == null) {
      throw new IllegalStateException(NO_ADDRESS);
    }
    return none.getAddress();
  }

  @Override
  public boolean asks(LateFact fact) {
    return source.isPresent() && source.get().asks(fact);
  }
}
