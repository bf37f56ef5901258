package dev.muster.dns;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// An IP address as its 4 or 16 bytes. An IPv4 address in IPv6's form is an IPv4 address.
@SuppressWarnings("ArrayRecordComponent") // compared by its text only
record Address(byte[] bytes) {
  private static final byte[] MAPPED = HexFormat.of().parseHex("00000000000000000000ffff");

  static Optional<Address> parse(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? Optional.empty() : Optional.of(of(bytes));
  }

  static Address of(byte[] bytes) {
    boolean isMapped =
        bytes.length == 16 && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    return new Address(isMapped ? Arrays.copyOfRange(bytes, MAPPED.length, 16) : bytes);
  }

  /// The record of this address; empty if a question of the type does not want it.
  Optional<Record> record(Name owner, int type, long ttl) {
    boolean wantsBoth = type == Type.ANY || type == Type.SRV || type == Type.NS;
    boolean isV4 = bytes.length == 4;
    if (!wantsBoth && type != (isV4 ? Type.A : Type.AAAA)) {
      return Optional.empty();
    }
    return Optional.of(
        isV4
            ? new ARecord(owner, DClass.IN, ttl, bytes)
            : new AAAARecord(owner, DClass.IN, ttl, bytes));
  }

  /// Its bytes in hexadecimal, as they stand in names under `addr`.
  String digits() {
    return HexFormat.of().formatHex(bytes);
  }

  /// One text per address, however it was written.
  static Optional<String> key(String text) {
    return parse(text).map(Address::digits);
  }

  static String key(InetAddress address) {
    return of(address.getAddress()).digits();
  }

  InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of %d bytes".formatted(bytes.length), e);
    }
  }
}
