package dev.muster.balancer.variable;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Values of IP addresses: of networks, the smallest of which counts, or of ranges, the last of
/// which counts. IPv4 addresses and their IPv6 form are the same. Immutable; found by one binary
/// search.
public final class AddressTable<V> {
  private static final int BITS = 128;
  private static final long MAPPED = 0xffff_0000_0000L;

  private final long[] high;
  private final long[] low;
  private final List<@Nullable V> values;

  private AddressTable(Map<Key, Found<V>> from) {
    high = new long[from.size()];
    low = new long[from.size()];
    values = new ArrayList<>();
    for (Map.Entry<Key, Found<V>> entry : from.entrySet()) {
      high[values.size()] = entry.getKey().high;
      low[values.size()] = entry.getKey().low;
      values.add(entry.getValue().value);
    }
  }

  private record Found<V>(@Nullable V value) {}

  private record Key(long high, long low) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return compare(high, low, other.high, other.low);
    }

    static int compare(long high, long low, long otherHigh, long otherLow) {
      int order = Long.compareUnsigned(high, otherHigh);
      return order == 0 ? Long.compareUnsigned(low, otherLow) : order;
    }

    boolean isLast() {
      return high == -1 && low == -1;
    }

    Key next() {
      return new Key(low == -1 ? high + 1 : high, low + 1);
    }

    /// The first or the last address that has the same first bits.
    Key edge(int bits, boolean isLast) {
      long highMask = bits >= 64 ? 0 : -1L >>> bits;
      long lowMask = bits <= 64 ? -1 : bits == BITS ? 0 : -1L >>> (bits - 64);
      return isLast
          ? new Key(high | highMask, low | lowMask)
          : new Key(high & ~highMask, low & ~lowMask);
    }

    static Key of(byte[] address) {
      long high = 0;
      long low = 0;
      for (byte octet : address) {
        high = (high << 8) | (low >>> 56);
        low = (low << 8) | (octet & 0xff);
      }
      return address.length == 4 ? new Key(0, low | MAPPED) : new Key(high, low);
    }

    static @Nullable Key of(String text) {
      byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
      return address == null ? null : of(address);
    }
  }

  /// Collects what a table is made of.
  public static final class Builder<V> {
    private final List<Block<V>> blocks = new ArrayList<>();

    private record Block<V>(Key from, Key to, int bits, V value) {}

    /// Adds a network `address[/bits]`. Returns whether it is one.
    public boolean network(String text, V value) {
      Block<V> block = block(text, value);
      if (block != null) {
        blocks.add(block);
      }
      return block != null;
    }

    private @Nullable Block<V> block(String text, V value) {
      int slash = text.indexOf('/');
      String address = slash < 0 ? text : text.substring(0, slash);
      Key key = Key.of(address);
      if (key == null) {
        return null;
      }
      int width = address.indexOf(':') < 0 ? 32 : BITS;
      int bits = slash < 0 ? width : number(text.substring(slash + 1));
      if (bits < 0 || bits > width) {
        return null;
      }
      bits += BITS - width;
      return new Block<>(key.edge(bits, false), key.edge(bits, true), bits, value);
    }

    private static int number(String text) {
      boolean isNumber =
          !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
      return isNumber ? Integer.parseInt(text) : -1;
    }

    /// Adds a range `first-last`. Returns whether it is one.
    public boolean range(String text, V value) {
      int hyphen = text.indexOf('-');
      Key from = hyphen < 0 ? null : Key.of(text.substring(0, hyphen));
      Key to = hyphen < 0 ? null : Key.of(text.substring(hyphen + 1));
      if (from == null || to == null || from.compareTo(to) > 0) {
        return false;
      }
      blocks.add(new Block<>(from, to, 0, value));
      return true;
    }

    /// Takes away a network or range that was added. Returns whether it was.
    public boolean remove(String text) {
      int hyphen = text.indexOf('-');
      if (hyphen >= 0) {
        Key from = Key.of(text.substring(0, hyphen));
        Key to = Key.of(text.substring(hyphen + 1));
        return blocks.removeIf(each -> each.from.equals(from) && each.to.equals(to));
      }
      int slash = text.indexOf('/');
      Key key = Key.of(slash < 0 ? text : text.substring(0, slash));
      int width = text.indexOf(':') < 0 ? 32 : BITS;
      int bits = (slash < 0 ? width : number(text.substring(slash + 1))) + BITS - width;
      return key != null
          && blocks.removeIf(each -> each.bits == bits && each.from.equals(key.edge(bits, false)));
    }

    /// The table.
    public AddressTable<V> build() {
      TreeMap<Key, Found<V>> starts = new TreeMap<>();
      starts.put(new Key(0, 0), new Found<>(null));
      List<Block<V>> sorted = new ArrayList<>(blocks);
      sorted.sort(Comparator.comparingInt(block -> block.bits));
      for (Block<V> block : sorted) {
        Found<V> behind = starts.floorEntry(block.to).getValue();
        starts.subMap(block.from, true, block.to, true).clear();
        starts.put(block.from, new Found<>(block.value));
        if (!block.to.isLast()) {
          starts.putIfAbsent(block.to.next(), behind);
        }
      }
      return new AddressTable<>(starts);
    }
  }

  /// The value of an address, or null.
  public @Nullable V find(InetAddress address) {
    Key key = Key.of(address.getAddress());
    int from = 0;
    int to = high.length - 1;
    while (from < to) {
      int middle = (from + to + 1) >>> 1;
      if (Key.compare(high[middle], low[middle], key.high, key.low) <= 0) {
        from = middle;
      } else {
        to = middle - 1;
      }
    }
    return values.get(from);
  }
}
