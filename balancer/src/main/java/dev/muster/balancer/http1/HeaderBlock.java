package dev.muster.balancer.http1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The header lines of one message as offsets into the bytes they were read from, with those marked
/// that must not be forwarded. Reused for every message of an event loop; not thread-safe.
public final class HeaderBlock {
  /// The bytes end before the block does.
  public static final int INCOMPLETE = -1;

  /// The block is refused; [#refusal()] says why.
  public static final int REFUSED = -2;

  private static final int CONNECTION_OPTIONS_MAX = 32;
  private static final byte[] CLOSE = Octets.ascii("close");
  private static final byte[] KEEP_ALIVE = Octets.ascii("keep-alive");
  private static final byte[] UPGRADE = Octets.ascii("upgrade");
  private static final byte[] CHUNKED = Octets.ascii("chunked");
  private static final Refusal TOO_MANY = new Refusal(431, "too many header fields");
  private static final Refusal TOO_LARGE = new Refusal(431, "the header block is too large");
  private static final Refusal BAD_LENGTH =
      Refusal.bad("Content-Length is not one plain decimal number");
  private static final Refusal SEVERAL_LENGTHS = Refusal.bad("more than one Content-Length");
  private static final Refusal SEVERAL_CODINGS = Refusal.bad("more than one Transfer-Encoding");
  private static final Refusal BAD_CODING = Refusal.bad("Transfer-Encoding is malformed");
  private static final Refusal UNKNOWN_CODING =
      new Refusal(501, "the only transfer coding understood is chunked");
  private static final Refusal BOTH =
      Refusal.bad("Content-Length and Transfer-Encoding exclude each other");

  private final int bytesMax;
  private final int[] starts;
  private final int[] nameEnds;
  private final int[] valueStarts;
  private final int[] valueEnds;
  private final int[] ends;
  private final Field[] fields;
  private final boolean[] dropped;
  private byte[] bytes = new byte[0];
  private NameRule names = NameRule.ANY;
  private int count;
  private @Nullable Refusal refusal;

  // What the fields say about the message and the connection; set by examine().
  private long contentLength;
  private boolean isChunked;
  private boolean saysClose;
  private boolean saysKeepAlive;
  private boolean saysUpgrade;

  /// A block of at most `countMax` lines in at most `bytesMax` bytes, the blank line included.
  public HeaderBlock(int bytesMax, int countMax) {
    this.bytesMax = bytesMax;
    starts = new int[countMax];
    nameEnds = new int[countMax];
    valueStarts = new int[countMax];
    valueEnds = new int[countMax];
    ends = new int[countMax];
    fields = new Field[countMax];
    dropped = new boolean[countMax];
  }

  private HeaderBlock(HeaderBlock other, byte[] copied) {
    bytesMax = other.bytesMax;
    count = other.count;
    starts = Arrays.copyOf(other.starts, count);
    nameEnds = Arrays.copyOf(other.nameEnds, count);
    valueStarts = Arrays.copyOf(other.valueStarts, count);
    valueEnds = Arrays.copyOf(other.valueEnds, count);
    ends = Arrays.copyOf(other.ends, count);
    fields = Arrays.copyOf(other.fields, count);
    dropped = Arrays.copyOf(other.dropped, count);
    bytes = copied;
    contentLength = other.contentLength;
    isChunked = other.isChunked;
    saysClose = other.saysClose;
    saysKeepAlive = other.saysKeepAlive;
    saysUpgrade = other.saysUpgrade;
  }

  /// A copy whose offsets point into a copy of the bytes.
  HeaderBlock copy(byte[] copied) {
    return new HeaderBlock(this, copied);
  }

  /// Where the last line ends.
  int end() {
    return count == 0 ? 0 : ends[count - 1];
  }

  /// Which names count from now on.
  public void admit(NameRule rule) {
    names = rule;
  }

  /// Reads the lines from `from` up to and including the blank line. Returns the offset after it,
  /// [#INCOMPLETE] or [#REFUSED].
  public int parse(byte[] source, int from, int to) {
    bytes = source;
    count = 0;
    refusal = null;
    int end = Math.min(to, from + bytesMax);
    int at = from;
    while (at >= 0) {
      if (at == end) {
        return ranOut(from, end);
      }
      if (source[at] == Octets.CR) {
        if (at + 1 == end) {
          return ranOut(from, end);
        }
        return source[at + 1] == Octets.LF ? at + 2 : refuse(Refusal.BARE_CR);
      }
      at = line(at, end);
    }
    return at == INCOMPLETE ? ranOut(from, end) : at;
  }

  private int line(int start, int end) {
    byte[] source = bytes;
    int at = start;
    while (at < end && Octets.isToken(source[at])) {
      at++;
    }
    if (at == end) {
      return INCOMPLETE;
    }
    if (source[at] != ':' || at == start) {
      return refuse(badName(source[at], at == start));
    }
    int nameEnd = at++;
    while (at < end && (source[at] == ' ' || source[at] == '\t')) {
      at++;
    }
    int valueStart = at;
    while (at < end && Octets.isValue(source[at])) {
      at++;
    }
    if (at == end) {
      return INCOMPLETE;
    }
    if (source[at] != Octets.CR) {
      return refuse(
          source[at] == Octets.LF
              ? Refusal.BARE_LF
              : Refusal.bad("a header value has a control character"));
    }
    if (at + 1 == end) {
      return INCOMPLETE;
    }
    if (source[at + 1] != Octets.LF) {
      return refuse(Refusal.BARE_CR);
    }
    return add(start, nameEnd, valueStart, at);
  }

  private int add(int start, int nameEnd, int valueStart, int lineEnd) {
    if (!names.admits(bytes, start, nameEnd)) {
      return lineEnd + 2;
    }
    if (count == starts.length) {
      return refuse(TOO_MANY);
    }
    int valueEnd = lineEnd;
    while (valueEnd > valueStart && bytes[valueEnd - 1] <= ' ' && bytes[valueEnd - 1] > 0) {
      valueEnd--;
    }
    starts[count] = start;
    nameEnds[count] = nameEnd;
    valueStarts[count] = valueStart;
    valueEnds[count] = valueEnd;
    ends[count] = lineEnd + 2;
    Field field = Field.of(bytes, start, nameEnd);
    fields[count] = field;
    dropped[count] = field.isHopByHop();
    count++;
    return lineEnd + 2;
  }

  private static Refusal badName(byte found, boolean isFirst) {
    if (found == Octets.LF) {
      return Refusal.BARE_LF;
    }
    if (found == ' ' || found == '\t') {
      return Refusal.bad(
          isFirst ? "a header line is folded" : "white space stands before a header's colon");
    }
    if (found == ':') {
      return Refusal.bad("a header has no name");
    }
    return Refusal.bad(
        found == Octets.CR
            ? "a header line has no colon"
            : "a header name has an illegal character");
  }

  private int ranOut(int from, int end) {
    return end - from == bytesMax ? refuse(TOO_LARGE) : INCOMPLETE;
  }

  private int refuse(Refusal why) {
    refusal = why;
    return REFUSED;
  }

  /// Reads what the fields say about framing and the connection, and marks the fields that the
  /// Connection field names. Returns why the message cannot be taken, or null.
  @Nullable Refusal examine() {
    contentLength = -1;
    isChunked = false;
    saysClose = false;
    saysKeepAlive = false;
    saysUpgrade = false;
    int lengths = 0;
    int codings = 0;
    for (int i = 0; i < count; i++) {
      Field field = fields[i];
      if (field == Field.OTHER) {
        continue;
      }
      Refusal found = null;
      if (field == Field.CONTENT_LENGTH) {
        found = ++lengths > 1 ? SEVERAL_LENGTHS : readLength(i);
      } else if (field == Field.TRANSFER_ENCODING) {
        found = ++codings > 1 ? SEVERAL_CODINGS : readCoding(i);
      } else if (field == Field.CONNECTION) {
        found = readConnection(i);
      }
      if (found != null) {
        return found;
      }
    }
    return lengths > 0 && codings > 0 ? BOTH : null;
  }

  private @Nullable Refusal readLength(int index) {
    int from = valueStarts[index];
    int to = valueEnds[index];
    if (from == to || to - from > 18) {
      return BAD_LENGTH;
    }
    long length = 0;
    for (int at = from; at < to; at++) {
      if (!Octets.isDigit(bytes[at])) {
        return BAD_LENGTH;
      }
      length = length * 10 + (bytes[at] - '0');
    }
    contentLength = length;
    return null;
  }

  private @Nullable Refusal readCoding(int index) {
    int from = valueStarts[index];
    int to = valueEnds[index];
    if (Octets.equalsIgnoringCase(bytes, from, to, CHUNKED)) {
      isChunked = true;
      return null;
    }
    if (from == to) {
      return BAD_CODING;
    }
    int chunkedCount = 0;
    int start = from;
    for (int at = from; at <= to; at++) {
      if (at == to || bytes[at] == ',') {
        int tokenStart = start;
        int tokenEnd = at;
        while (tokenStart < tokenEnd && bytes[tokenStart] <= ' ') {
          tokenStart++;
        }
        while (tokenEnd > tokenStart && bytes[tokenEnd - 1] <= ' ') {
          tokenEnd--;
        }
        if (tokenStart == tokenEnd || !isToken(tokenStart, tokenEnd)) {
          return BAD_CODING;
        }
        if (Octets.equalsIgnoringCase(bytes, tokenStart, tokenEnd, CHUNKED)) {
          chunkedCount++;
        }
        start = at + 1;
      }
    }
    return chunkedCount > 1 ? BAD_CODING : UNKNOWN_CODING;
  }

  private boolean isToken(int from, int to) {
    for (int at = from; at < to; at++) {
      if (!Octets.isToken(bytes[at])) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Refusal readConnection(int index) {
    int to = valueEnds[index];
    int options = 0;
    int start = valueStarts[index];
    while (start < to) {
      while (start < to && (bytes[start] == ',' || bytes[start] <= ' ')) {
        start++;
      }
      int end = start;
      while (end < to && bytes[end] != ',' && bytes[end] != ' ' && bytes[end] != '\t') {
        end++;
      }
      if (end > start) {
        if (++options > CONNECTION_OPTIONS_MAX) {
          return Refusal.bad("Connection names too many fields");
        }
        readOption(start, end);
      }
      start = end;
    }
    return null;
  }

  private void readOption(int from, int to) {
    if (Octets.equalsIgnoringCase(bytes, from, to, KEEP_ALIVE)) {
      saysKeepAlive = true;
    } else if (Octets.equalsIgnoringCase(bytes, from, to, CLOSE)) {
      saysClose = true;
    } else if (Octets.equalsIgnoringCase(bytes, from, to, UPGRADE)) {
      saysUpgrade = true;
    } else {
      drop(from, to);
    }
  }

  // Naming Host or Content-Length in Connection must not take them away from the message.
  private void drop(int from, int to) {
    for (int i = 0; i < count; i++) {
      if (fields[i] != Field.HOST
          && fields[i] != Field.CONTENT_LENGTH
          && Octets.sameIgnoringCase(bytes, starts[i], nameEnds[i], from, to)) {
        dropped[i] = true;
      }
    }
  }

  /// Marks every occurrence of a field as not to be forwarded.
  public void drop(Field field) {
    for (int i = 0; i < count; i++) {
      if (fields[i] == field) {
        dropped[i] = true;
      }
    }
  }

  /// Marks a line as not to be forwarded.
  public void drop(int index) {
    dropped[index] = true;
  }

  /// Whether a line is to be forwarded.
  public boolean isKept(int index) {
    return !dropped[index];
  }

  /// Whether a line has that name, given in lower case.
  public boolean isNamed(int index, String name) {
    int start = starts[index];
    if (nameEnds[index] - start != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (Octets.lower(bytes[start + i]) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Marks every line of those names as not to be forwarded.
  public void drop(Names names) {
    for (int i = 0; i < count; i++) {
      dropped[i] |= names.contains(bytes, starts[i], nameEnds[i]);
    }
  }

  /// The first line from `from` on with that name, given in lower case, or -1.
  public int indexOf(String name, int from) {
    for (int i = from; i < count; i++) {
      if (isNamed(i, name)) {
        return i;
      }
    }
    return -1;
  }

  /// The value of a line, octets as Latin-1 characters.
  public String value(int index) {
    return Octets.latin1(bytes, valueStarts[index], valueEnds[index]);
  }

  /// Marks the fields by which a sender says for whom it forwards.
  public void dropForwarding() {
    for (int i = 0; i < count; i++) {
      dropped[i] |= fields[i].isForwarding();
    }
  }

  /// Appends the lines that are to be forwarded, neighbours in one piece; no blank line.
  public void writeKept(HeadWriter out) {
    int run = 0;
    int runEnd = 0;
    for (int i = 0; i < count; i++) {
      if (dropped[i]) {
        continue;
      }
      if (starts[i] != runEnd) {
        out.write(bytes, run, runEnd);
        run = starts[i];
      }
      runEnd = ends[i];
    }
    out.write(bytes, run, runEnd);
  }

  /// A copy of all lines as they came.
  public byte[] lines() {
    return count == 0 ? new byte[0] : Arrays.copyOfRange(bytes, starts[0], ends[count - 1]);
  }

  /// The first line of a field, or -1.
  public int indexOf(Field field) {
    for (int i = 0; i < count; i++) {
      if (fields[i] == field) {
        return i;
      }
    }
    return -1;
  }

  int count(Field field) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (fields[i] == field) {
        found++;
      }
    }
    return found;
  }

  /// The number of lines.
  public int count() {
    return count;
  }

  /// The field of a line.
  public Field field(int index) {
    return fields[index];
  }

  /// The name of a line, as it was sent.
  public String name(int index) {
    return Octets.latin1(bytes, starts[index], nameEnds[index]);
  }

  /// Where the value of a line starts.
  public int valueStart(int index) {
    return valueStarts[index];
  }

  /// Where the value of a line ends.
  public int valueEnd(int index) {
    return valueEnds[index];
  }

  /// Why the last [#parse] returned [#REFUSED].
  public Refusal refusal() {
    Refusal why = refusal;
    if (why == null) {
      throw new IllegalStateException("nothing was refused");
    }
    return why;
  }

  long contentLength() {
    return contentLength;
  }

  boolean isChunked() {
    return isChunked;
  }

  boolean saysClose() {
    return saysClose;
  }

  boolean saysKeepAlive() {
    return saysKeepAlive;
  }

  boolean saysUpgrade() {
    return saysUpgrade;
  }
}
