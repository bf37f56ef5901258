package dev.muster.balancer.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Walks a chunked body (RFC 9112 section 7.1) octet by octet where it is framing and in one step
/// where it is data, over as many pieces as it arrives in. Only the strict grammar passes, so the
/// octets may be forwarded as they came. One per body; not thread-safe.
///
/// | state | is at | goes to |
/// | --- | --- | --- |
/// | SIZE | first digit | SIZE_MORE |
/// | SIZE_MORE | further digits | SIZE_LF, EXTENSION |
/// | EXTENSION to UNQUOTED | `;name[=value]` | SIZE_LF |
/// | SIZE_LF | end of the size line | DATA, TRAILER |
/// | DATA, DATA_CR, DATA_LF | the data and its end | SIZE |
/// | TRAILER, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF | trailer lines | TRAILER |
/// | END_LF | the blank line | END |
public final class ChunkScanner {
  private enum State {
    SIZE,
    SIZE_MORE,
    EXTENSION,
    EXTENSION_NAME,
    VALUE,
    TOKEN,
    QUOTED,
    ESCAPED,
    UNQUOTED,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
    END
  }

  private static final int SIZE_LINE_BYTES_MAX = 1024;
  private static final int SIZE_DIGITS_MAX = 15;
  private static final int TRAILER_NAME_BYTES_MAX = 256;

  private static final Refusal BAD_SIZE = Refusal.bad("a chunk size is malformed");
  private static final Refusal BAD_EXTENSION = Refusal.bad("a chunk extension is malformed");
  private static final Refusal BAD_END = Refusal.bad("a chunk is longer than its size");
  private static final Refusal BAD_TRAILER = Refusal.bad("a trailer is malformed");
  private static final Refusal TOO_LARGE = new Refusal(431, "the trailers are too large");

  private final int trailerBytesMax;
  private final int trailerCountMax;
  private final byte[] name = new byte[TRAILER_NAME_BYTES_MAX];
  private State state = State.SIZE;
  private long size;
  private int digits;
  private int lineBytes;
  private int trailerBytes;
  private int trailers;
  private int nameLength;
  private long dataBytes;
  private @Nullable Refusal refusal;

  /// A body whose trailers stay within these limits.
  public ChunkScanner(int trailerBytesMax, int trailerCountMax) {
    this.trailerBytesMax = trailerBytesMax;
    this.trailerCountMax = trailerCountMax;
  }

  /// Walks on from `from`. Returns the offset up to which the octets belong to the body, which is
  /// `to` unless the body has ended, or [HeaderBlock#REFUSED].
  public int scan(ByteBuf in, int from, int to) {
    int at = from;
    while (at < to && state != State.END) {
      at = isAtData() ? skipData(at, to) : frame(in.getByte(at), at);
      if (at < 0) {
        return at;
      }
    }
    return at;
  }

  /// Like [#scan], but appends the data without its framing to `out`.
  public int unwrap(ByteBuf in, int from, int to, ByteBuf out) {
    int at = from;
    while (at < to && state != State.END) {
      if (isAtData()) {
        int next = skipData(at, to);
        out.writeBytes(in, at, next - at);
        at = next;
      } else {
        at = frame(in.getByte(at), at);
        if (at < 0) {
          return at;
        }
      }
    }
    return at;
  }

  /// Whether the last octet of the body was seen.
  public boolean isAtEnd() {
    return state == State.END;
  }

  /// How much data the chunks announced so far, framing not counted.
  public long dataBytes() {
    return dataBytes;
  }

  /// Why the body is refused.
  public Refusal refusal() {
    Refusal why = refusal;
    if (why == null) {
      throw new IllegalStateException("nothing was refused");
    }
    return why;
  }

  private boolean isAtData() {
    return state == State.DATA;
  }

  private int skipData(int at, int to) {
    long skipped = Math.min(size, to - at);
    size -= skipped;
    if (size == 0) {
      state = State.DATA_CR;
    }
    return at + (int) skipped;
  }

  private int frame(byte octet, int at) {
    Refusal found =
        switch (state) {
          case SIZE, SIZE_MORE, SIZE_LF -> sizeLine(octet);
          case EXTENSION, EXTENSION_NAME, VALUE, TOKEN, QUOTED, ESCAPED, UNQUOTED ->
              extension(octet);
          case DATA_CR -> expect(octet, Octets.CR, State.DATA_LF, BAD_END);
          case DATA_LF -> expect(octet, Octets.LF, State.SIZE, BAD_END);
          case TRAILER, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF, END_LF -> trailer(octet);
          case DATA, END -> throw new IllegalStateException(state.name());
        };
    if (found != null) {
      refusal = found;
      return HeaderBlock.REFUSED;
    }
    return at + 1;
  }

  private @Nullable Refusal expect(byte octet, byte wanted, State next, Refusal otherwise) {
    if (octet != wanted) {
      return otherwise;
    }
    state = next;
    return null;
  }

  private @Nullable Refusal sizeLine(byte octet) {
    if (state == State.SIZE_LF) {
      if (octet != Octets.LF) {
        return Refusal.BARE_CR;
      }
      state = size == 0 ? State.TRAILER : State.DATA;
      dataBytes += size;
      digits = 0;
      lineBytes = 0;
      return null;
    }
    int digit = Octets.hexDigit(octet);
    if (digit >= 0) {
      if (state == State.SIZE) {
        size = 0;
        state = State.SIZE_MORE;
      }
      size = size * 16 + digit;
      return ++digits > SIZE_DIGITS_MAX ? BAD_SIZE : null;
    }
    if (state == State.SIZE_MORE && octet == Octets.CR) {
      state = State.SIZE_LF;
      return null;
    }
    if (state == State.SIZE_MORE && octet == ';') {
      state = State.EXTENSION;
      return null;
    }
    return octet == Octets.LF ? Refusal.BARE_LF : BAD_SIZE;
  }

  private @Nullable Refusal extension(byte octet) {
    if (++lineBytes > SIZE_LINE_BYTES_MAX) {
      return BAD_EXTENSION;
    }
    boolean isQuote = octet == '"';
    return switch (state) {
      case EXTENSION -> to(State.EXTENSION_NAME, Octets.isToken(octet));
      case VALUE -> to(isQuote ? State.QUOTED : State.TOKEN, isQuote || Octets.isToken(octet));
      case QUOTED -> {
        State next = octet == '\\' ? State.ESCAPED : State.QUOTED;
        yield to(isQuote ? State.UNQUOTED : next, Octets.isValue(octet));
      }
      case ESCAPED -> to(State.QUOTED, Octets.isValue(octet));
      default -> afterExtensionPart(octet);
    };
  }

  private @Nullable Refusal to(State next, boolean isFine) {
    state = next;
    return isFine ? null : BAD_EXTENSION;
  }

  private @Nullable Refusal afterExtensionPart(byte octet) {
    if (state != State.UNQUOTED && Octets.isToken(octet)) {
      return null;
    }
    if (octet == '=' && state == State.EXTENSION_NAME) {
      state = State.VALUE;
    } else if (octet == ';') {
      state = State.EXTENSION;
    } else if (octet == Octets.CR) {
      state = State.SIZE_LF;
    } else {
      return BAD_EXTENSION;
    }
    return null;
  }

  private @Nullable Refusal trailer(byte octet) {
    if (++trailerBytes > trailerBytesMax) {
      return TOO_LARGE;
    }
    return switch (state) {
      case TRAILER -> trailerStart(octet);
      case TRAILER_NAME -> trailerName(octet);
      case TRAILER_VALUE -> {
        state = octet == Octets.CR ? State.TRAILER_LF : State.TRAILER_VALUE;
        yield octet == Octets.CR || Octets.isValue(octet) ? null : BAD_TRAILER;
      }
      case TRAILER_LF -> expect(octet, Octets.LF, State.TRAILER, BAD_TRAILER);
      default -> expect(octet, Octets.LF, State.END, BAD_TRAILER);
    };
  }

  private @Nullable Refusal trailerStart(byte octet) {
    if (octet == Octets.CR) {
      state = State.END_LF;
      return null;
    }
    nameLength = 0;
    state = State.TRAILER_NAME;
    return ++trailers > trailerCountMax ? TOO_LARGE : trailerName(octet);
  }

  // RFC 9110 section 6.5.1: a trailer must not speak about framing, routing or the connection.
  private @Nullable Refusal trailerName(byte octet) {
    if (octet == ':' && nameLength > 0) {
      state = State.TRAILER_VALUE;
      return Field.of(name, 0, nameLength) == Field.OTHER ? null : BAD_TRAILER;
    }
    if (!Octets.isToken(octet) || nameLength == name.length) {
      return BAD_TRAILER;
    }
    name[nameLength++] = octet;
    return null;
  }
}
