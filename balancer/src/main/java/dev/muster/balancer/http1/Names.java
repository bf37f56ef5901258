package dev.muster.balancer.http1;

import java.util.Set;

/// Names of header fields, to be found among octets whatever their case. Immutable.
public final class Names {
  private final byte[][][] byLength;

  /// Those, given in lower case.
  public Names(Set<String> names) {
    int longest = names.stream().mapToInt(String::length).max().orElse(0);
    byLength = new byte[longest + 1][][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      byLength[length] =
          names.stream()
              .filter(name -> name.length() == wanted)
              .map(Octets::ascii)
              .toArray(byte[][]::new);
    }
  }

  /// Whether one of them stands there.
  boolean contains(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length >= byLength.length) {
      return false;
    }
    for (byte[] name : byLength[length]) {
      if (Octets.equalsIgnoringCase(bytes, from, to, name)) {
        return true;
      }
    }
    return false;
  }
}
