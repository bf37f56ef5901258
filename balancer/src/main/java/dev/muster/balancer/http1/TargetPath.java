package dev.muster.balancer.http1;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The path of a request target in the form routes are matched on: percent-encoded unreserved
/// characters decoded, every other encoding in upper case, the query cut off. Paths that a service
/// could read as leaving the prefix they matched are refused: `.` and `..` segments, however
/// written (`%2e`, `%2F..`, `\..`, `..;x`). Clients resolve those before they send (RFC 3986
/// 5.2.4).
public final class TargetPath {
  private static final Refusal BAD_ENCODING = Refusal.bad("the path has a bad percent-encoding");

  /// Why a path is refused that a service could read as leaving the prefix it matched.
  public static final Refusal DOT_SEGMENT = Refusal.bad("the path has a dot segment");
  private static final byte[] ROOT = {'/'};

  private final byte[] decoded;
  private byte[] source = ROOT;
  private int sourceStart;
  private int sourceEnd;
  private byte[] bytes = ROOT;
  private int start;
  private int end;
  private boolean isNormal = true;
  private boolean hasDotSegment;

  /// A path of at most `lengthMax` octets.
  public TargetPath(int lengthMax) {
    decoded = new byte[lengthMax];
  }

  @SuppressWarnings("ReferenceEquality") // which array it lies in is the question
  private TargetPath(TargetPath other, byte[] copied) {
    boolean isDecoded = other.bytes == other.decoded;
    decoded = isDecoded ? Arrays.copyOf(other.decoded, other.end) : new byte[0];
    source = other.source == ROOT ? ROOT : copied;
    sourceStart = other.sourceStart;
    sourceEnd = other.sourceEnd;
    bytes = isDecoded ? decoded : source;
    start = other.start;
    end = other.end;
    isNormal = other.isNormal;
    hasDotSegment = other.hasDotSegment;
  }

  /// A copy whose offsets point into a copy of the bytes.
  TargetPath copy(byte[] copied) {
    return new TargetPath(this, copied);
  }

  /// Reads the path at `from`, which is a `/`, up to a `?` or `to`. Returns why it is refused, or
  /// null.
  public @Nullable Refusal read(byte[] from, int pathStart, int to) {
    source = from;
    sourceStart = pathStart;
    boolean isPlain = true;
    boolean hasEmptySegment = false;
    int at = pathStart;
    byte previous = 0;
    while (at < to && from[at] != '?') {
      byte octet = from[at++];
      isPlain &= octet != '%' && octet != '\\' && !(octet == '.' && previous == '/');
      hasEmptySegment |= octet == '/' && previous == '/';
      previous = octet;
    }
    sourceEnd = at;
    isNormal = isPlain && !hasEmptySegment;
    hasDotSegment = false;
    if (isPlain) {
      bytes = from;
      start = pathStart;
      end = at;
      return null;
    }
    return decode();
  }

  void root() {
    source = ROOT;
    sourceStart = 0;
    sourceEnd = 1;
    bytes = ROOT;
    start = 0;
    end = 1;
    isNormal = true;
    hasDotSegment = false;
  }

  private @Nullable Refusal decode() {
    int length = 0;
    for (int at = sourceStart; at < sourceEnd; at++) {
      if (source[at] != '%') {
        decoded[length++] = source[at];
        continue;
      }
      int octet = at + 2 < sourceEnd ? encoded(at) : -1;
      if (octet <= 0) {
        return BAD_ENCODING;
      }
      if (Octets.isUnreserved(octet)) {
        decoded[length++] = (byte) octet;
      } else {
        decoded[length++] = '%';
        decoded[length++] = upper(source[at + 1]);
        decoded[length++] = upper(source[at + 2]);
      }
      at += 2;
    }
    bytes = decoded;
    start = 0;
    end = length;
    hasDotSegment = findDotSegment();
    return hasDotSegment ? DOT_SEGMENT : null;
  }

  private int encoded(int at) {
    int high = Octets.hexDigit(source[at + 1]);
    int low = Octets.hexDigit(source[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static byte upper(byte hexDigit) {
    return hexDigit >= 'a' ? (byte) (hexDigit - 32) : hexDigit;
  }

  private boolean findDotSegment() {
    int dots = 0;
    boolean isOnlyDots = true;
    for (int at = 0; at < end; at++) {
      byte octet = decoded[at];
      int width = octet == '%' ? 3 : 1;
      boolean isSlash =
          octet == '/' || octet == '\\' || isEncoded(at, '2', 'F') || isEncoded(at, '5', 'C');
      if (isSlash || octet == ';' || isEncoded(at, '3', 'B')) {
        if (isOnlyDots && (dots == 1 || dots == 2)) {
          return true;
        }
        dots = 0;
        isOnlyDots = isSlash;
      } else if (octet == '.') {
        dots++;
      } else {
        isOnlyDots = false;
      }
      at += width - 1;
    }
    return isOnlyDots && (dots == 1 || dots == 2);
  }

  private boolean isEncoded(int at, char high, char low) {
    return decoded[at] == '%' && decoded[at + 1] == high && decoded[at + 2] == low;
  }

  /// How many octets at `from` of a path as it was sent make up its first `length` matched octets.
  public static int sentLength(ByteBuf sent, int from, int length) {
    int at = from;
    int matched = 0;
    while (matched < length) {
      if (sent.getByte(at) == '%') {
        int octet =
            Octets.hexDigit(sent.getByte(at + 1)) * 16 + Octets.hexDigit(sent.getByte(at + 2));
        matched += Octets.isUnreserved(octet) ? 1 : 3;
        at += 3;
      } else {
        matched++;
        at++;
      }
    }
    return at - from;
  }

  /// Whether it was refused for a dot segment only; those who resolve them may go on.
  public boolean hasDotSegment() {
    return hasDotSegment;
  }

  /// Whether it was sent without anything that is decoded, resolved or merged.
  public boolean isNormal() {
    return isNormal;
  }

  /// Whether octets were sent in another form than they have when they are decoded.
  public boolean isQuoted() {
    for (int at = sourceStart; at < sourceEnd; at++) {
      if (source[at] == '%' || source[at] == '+') {
        return true;
      }
    }
    return false;
  }

  /// The path decoded and resolved, or null if it cannot be without doubt; see [DecodedPath].
  public byte @Nullable [] decoded(boolean mergesSlashes) {
    return DecodedPath.decode(source, sourceStart, sourceEnd, mergesSlashes);
  }

  /// The octets the path lies in.
  public byte[] bytes() {
    return bytes;
  }

  /// Where it starts.
  public int start() {
    return start;
  }

  /// Where it ends.
  public int end() {
    return end;
  }
}
