package dev.muster.balancer.request;

import dev.muster.balancer.http1.Octets;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Who is connected, and to which of our addresses. One per connection; of its loop.
public final class Client {
  private static final Surroundings NOWHERE = Surroundings.unnamed(new SecureRandom());

  private final InetSocketAddress remote;
  private final InetSocketAddress own;
  private final Surroundings surroundings;
  private final LongSupplier nanoClock;
  private final long number;
  private final String address;
  private final String ownAddress;
  private final byte[] addressOctets;
  private final byte[] ownOctets;
  private int requests;
  private @Nullable Proxied proxied;

  /// Whom a balancer in front says it speaks for, by the PROXY protocol.
  ///
  /// @param source its client
  /// @param destination what the client was connected to
  public record Proxied(InetSocketAddress source, InetSocketAddress destination) {}

  /// The two ends of a connection, nowhere in particular.
  public Client(InetSocketAddress remote, InetSocketAddress own) {
    this(remote, own, NOWHERE, () -> 0, 0);
  }

  /// The two ends of a connection.
  ///
  /// @param surroundings what it is served by
  /// @param nanoClock of its loop
  /// @param number of the connection, unique in this process
  public Client(
      InetSocketAddress remote,
      InetSocketAddress own,
      Surroundings surroundings,
      LongSupplier nanoClock,
      long number) {
    this.remote = remote;
    this.own = own;
    this.surroundings = surroundings;
    this.nanoClock = nanoClock;
    this.number = number;
    this.address = NetUtil.toAddressString(remote.getAddress());
    this.ownAddress = NetUtil.toAddressString(own.getAddress());
    this.addressOctets = Octets.ascii(address);
    this.ownOctets = Octets.ascii(NetUtil.toSocketAddressString(own));
  }

  /// The same connection, of someone else behind whom it comes from.
  Client of(InetSocketAddress other) {
    var real = new Client(other, own, surroundings, nanoClock, number);
    real.requests = requests;
    real.proxied = proxied;
    return real;
  }

  /// What it is served by.
  public Surroundings surroundings() {
    return surroundings;
  }

  /// The time by the clock of its loop, in nanoseconds.
  public long nanoTime() {
    return nanoClock.getAsLong();
  }

  /// The number of the connection, unique in this process.
  public long number() {
    return number;
  }

  /// How many requests came on the connection so far.
  public int requests() {
    return requests;
  }

  /// Another request came.
  public void requested() {
    requests++;
  }

  /// Whom a balancer in front says it speaks for; null if it says nothing.
  public @Nullable Proxied proxied() {
    return proxied;
  }

  /// A balancer in front says whom it speaks for.
  public void proxies(Proxied whom) {
    proxied = whom;
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

  /// The client's port; 0 if it is not known.
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
