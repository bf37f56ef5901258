package dev.muster.balancer.request;

import dev.muster.balancer.http1.Octets;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/// Who is connected, and to which of our addresses. One per connection; of its loop.
public final class Client {
  private final InetSocketAddress remote;
  private final InetSocketAddress own;
  private final String address;
  private final String ownAddress;
  private final byte[] addressOctets;
  private final byte[] ownOctets;

  /// The two ends of a connection.
  public Client(InetSocketAddress remote, InetSocketAddress own) {
    this.remote = remote;
    this.own = own;
    this.address = NetUtil.toAddressString(remote.getAddress());
    this.ownAddress = NetUtil.toAddressString(own.getAddress());
    this.addressOctets = Octets.ascii(address);
    this.ownOctets = Octets.ascii(NetUtil.toSocketAddressString(own));
  }

  /// The client's address.
  public InetSocketAddress remote() {
    return remote;
  }

  /// The client's IP address as text.
  public String address() {
    return address;
  }

  /// The same as octets; not to be changed.
  public byte[] addressOctets() {
    return addressOctets;
  }

  /// The client's port.
  public int port() {
    return remote.getPort();
  }

  /// Our IP address that it is connected to, as text.
  public String ownAddress() {
    return ownAddress;
  }

  /// Our port that it is connected to.
  public int ownPort() {
    return own.getPort();
  }

  /// Our `address:port` as octets; not to be changed.
  public byte[] ownOctets() {
    return ownOctets;
  }
}
