package dev.muster.balancer.dispatch;

import java.nio.charset.StandardCharsets;

/// Functions of keys. Each squeezes all that its algorithm will ever ask about a key into one
/// long, so that no picker needs the key's octets.
final class Hashes {
  private static final int POLYNOMIAL = 0xEDB88320;
  private static final int ADDRESS_START = 89;
  private static final int ADDRESS_FACTOR = 113;
  private static final int ADDRESS_MODULUS = 6271;
  private static final int IPV4_OCTETS_USED = 3;

  private Hashes() {}

  /// The CRC-32 in the low half, the length in the high half; 0 if there is no key.
  static long crcAndLength(byte[] key, int offset, int length) {
    return (long) length << 32 | Integer.toUnsignedLong(crc(~0, key, offset, length) ^ ~0);
  }

  static int crc(long crcAndLength) {
    return (int) crcAndLength;
  }

  /// nginx's n-th value for a key: the CRC-32 of the decimal number `rehash` and the key, without
  /// the number if it is 0; then the 15 bits above the lowest 16.
  static int nginx(long crcAndLength, int rehash) {
    int crc = crc(crcAndLength);
    if (rehash > 0) {
      crc = concatenated(decimalCrc(rehash), crc, crcAndLength >>> 32);
    }
    return crc >>> 16 & 0x7fff;
  }

  /// The CRC-32 register after further octets; start with ~0, finish with ~.
  static int crc(int register, byte[] octets, int offset, int length) {
    int crc = register;
    for (int i = offset; i < offset + length; i++) {
      crc = crc(crc, octets[i]);
    }
    return crc;
  }

  static int crc(int register, byte octet) {
    return register >>> 8 ^ TABLE[(register ^ octet) & 0xff];
  }

  private static final int[] TABLE = table();

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ POLYNOMIAL;
      }
      table[i] = value;
    }
    return table;
  }

  private static int decimalCrc(int number) {
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits *= 10;
    }
    int crc = ~0;
    for (int divisor = digits; divisor > 0; divisor /= 10) {
      crc = crc(crc, (byte) ('0' + number / divisor % 10));
    }
    return ~crc;
  }

  /// The CRC-32 of two texts after each other, from those of the two: appending octets multiplies
  /// the first by a power of x, modulo the polynomial.
  private static int concatenated(int first, int second, long secondLength) {
    int power = 1 << 31;
    int square = 1 << 23;
    for (long n = secondLength; n > 0; n >>>= 1) {
      if ((n & 1) == 1) {
        power = product(power, square);
      }
      square = product(square, square);
    }
    return product(power, first) ^ second;
  }

  private static int product(int a, int b) {
    int sum = 0;
    int factor = b;
    for (int bit = 1 << 31; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        sum ^= factor;
      }
      factor = (factor & 1) == 0 ? factor >>> 1 : factor >>> 1 ^ POLYNOMIAL;
    }
    return sum;
  }

  /// One round of nginx's function over the octets is `h -> (h * f + c) mod 6271`: c in the low
  /// half, f in the high one.
  static long address(byte[] address, int offset, int length) {
    int used = length == 16 ? 16 : IPV4_OCTETS_USED;
    boolean isAddress = length == 4 || length == 16;
    int factor = 1;
    int sum = 0;
    for (int i = 0; i < used; i++) {
      int octet = isAddress ? address[offset + i] & 0xff : 0;
      factor = factor * ADDRESS_FACTOR % ADDRESS_MODULUS;
      sum = (sum * ADDRESS_FACTOR + octet) % ADDRESS_MODULUS;
    }
    return (long) factor << 32 | sum;
  }

  /// The value after one more round; the first starts from [#addressStart].
  static int addressRound(long address, int previous) {
    return (int) ((previous * (address >>> 32) + (int) address) % ADDRESS_MODULUS);
  }

  static int addressStart() {
    return ADDRESS_START;
  }

  /// 64 well-mixed bits; 0 if there is no key.
  static long mixed(byte[] key, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    long hash = 0x9E3779B97F4A7C15L ^ length;
    for (int i = offset; i < offset + length; i++) {
      hash = (hash ^ (key[i] & 0xff)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  static long mixed(String key) {
    byte[] octets = key.getBytes(StandardCharsets.UTF_8);
    return mixed(octets, 0, octets.length);
  }

  /// Spreads every bit over all (the finish of MurmurHash3).
  static long mix(long value) {
    long hash = value;
    hash = (hash ^ hash >>> 33) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ hash >>> 33) * 0xC4CEB9FE1A85EC53L;
    return hash ^ hash >>> 33;
  }
}
