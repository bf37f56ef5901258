package dev.muster.balancer.variable;

import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `split_clients`: shares of all requests, by MurmurHash2 of a text; the same text has the same
/// share as with nginx. Immutable.
public final class SplitClients implements Variable {
  private static final int MULTIPLIER = 0x5bd1e995;

  private final Template key;
  private final long[] bounds;
  private final String[] values;

  /// A share.
  ///
  /// @param hundredths of a percent; 0 for all that is left
  /// @param value of the variable
  public record Share(int hundredths, String value) {}

  /// @param key what is hashed
  /// @param shares in the order of the file
  /// @throws IllegalArgumentException if they are more than 100 percent
  public SplitClients(Template key, List<Share> shares) {
    this.key = key;
    this.bounds = new long[shares.size()];
    this.values = new String[shares.size()];
    int sum = 0;
    long last = 0;
    for (int i = 0; i < bounds.length; i++) {
      Share share = shares.get(i);
      sum = share.hundredths() == 0 ? 10_000 : sum + share.hundredths();
      if (sum > 10_000) {
        throw new IllegalArgumentException("percent total is greater than 100%");
      }
      last += share.hundredths() * 0xffffffffL / 10_000;
      bounds[i] = share.hundredths() == 0 ? Long.MAX_VALUE : last;
      values[i] = share.value();
    }
  }

  @Override
  public String value(Request request) {
    return of(key.text(request).getBytes(StandardCharsets.ISO_8859_1));
  }

  String of(byte[] text) {
    long hash = hash(text);
    for (int i = 0; i < bounds.length; i++) {
      if (hash < bounds[i]) {
        return values[i];
      }
    }
    return "";
  }

  /// MurmurHash2 of Austin Appleby with seed 0, as an unsigned number.
  static long hash(byte[] text) {
    int hash = text.length;
    int at = 0;
    for (; text.length - at >= 4; at += 4) {
      int block = octet(text, at, 0) | octet(text, at, 1) | octet(text, at, 2) | octet(text, at, 3);
      block *= MULTIPLIER;
      block ^= block >>> 24;
      block *= MULTIPLIER;
      hash = hash * MULTIPLIER ^ block;
    }
    if (at < text.length) {
      for (int i = 0; at + i < text.length; i++) {
        hash ^= octet(text, at, i);
      }
      hash *= MULTIPLIER;
    }
    hash ^= hash >>> 13;
    hash *= MULTIPLIER;
    hash ^= hash >>> 15;
    return hash & 0xffffffffL;
  }

  private static int octet(byte[] text, int at, int i) {
    return (text[at + i] & 0xff) << (8 * i);
  }

  @Override
  public boolean asks(LateFact fact) {
    return key.asks(fact);
  }
}
