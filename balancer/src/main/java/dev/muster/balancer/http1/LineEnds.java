package dev.muster.balancer.http1;

/// Writes heads whose lines end in a line feed alone as if they ended in both octets (RFC 9112,
/// 2.2 allows to read them so), before anything else looks at them. What follows the head is
/// untouched. Reused for every message of an event loop; not thread-safe.
public final class LineEnds {
  private int inserted;

  /// Completes the line ends of the head at the start of an array, which must have room for them;
  /// a head that has too little room stays as it is, to be refused. Returns how many octets the
  /// array then has, without those behind the head.
  public int complete(byte[] bytes, int count) {
    inserted = 0;
    int missing = 0;
    int end = 0;
    int line = 0;
    boolean isInside = true;
    while (isInside && end < count) {
      if (bytes[end++] == Octets.LF) {
        boolean isBare = end < 2 || bytes[end - 2] != Octets.CR;
        missing += isBare ? 1 : 0;
        boolean isEmpty = end - line == (isBare ? 1 : 2);
        // An empty line may stand before a request.
        isInside = !isEmpty || line == 0;
        line = end;
      }
    }
    if (missing == 0 || end + missing > bytes.length) {
      return count;
    }
    spread(bytes, end, missing);
    inserted = missing;
    return end + missing;
  }

  // From the back, so that nothing is overwritten that is still to be moved.
  private static void spread(byte[] bytes, int end, int missing) {
    int to = end + missing;
    for (int from = end - 1; to > from + 1; from--) {
      bytes[--to] = bytes[from];
      if (bytes[from] == Octets.LF && (from == 0 || bytes[from - 1] != Octets.CR)) {
        bytes[--to] = Octets.CR;
      }
    }
  }

  /// How many octets the last head got more than it had.
  public int inserted() {
    return inserted;
  }
}
