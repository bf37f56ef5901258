package dev.muster.balancer.file;

import dev.muster.balancer.config.FilesConfig.ModifiedSince;
import dev.muster.balancer.http1.HttpDate;
import dev.muster.balancer.request.Request;
import org.jspecify.annotations.Nullable;

/// What a request makes its answer depend on (RFC 9110 section 13), and which part it asks for
/// (section 14), as nginx understands it. Immutable.
public final class Conditions {
  private final @Nullable String match;
  private final @Nullable String noneMatch;
  private final @Nullable String unmodifiedSince;
  private final @Nullable String modifiedSince;
  private final @Nullable String ifRange;
  private final @Nullable String range;

  /// Part of a file.
  ///
  /// @param start where it begins
  /// @param length of it
  public record Part(long start, long length) {
    /// What no part satisfies: 416.
    public static final Part NONE = new Part(-1, 0);
  }

  /// Those of a request.
  public Conditions(Request request) {
    this.match = request.header("if-match");
    this.noneMatch = request.header("if-none-match");
    this.unmodifiedSince = request.header("if-unmodified-since");
    this.modifiedSince = request.header("if-modified-since");
    this.ifRange = request.header("if-range");
    this.range = request.header("range");
  }

  /// 200 to send it, 304 if the client has it, 412 if it is not what the client wants changed.
  ///
  /// @param etag of the file, empty without
  /// @param modified when it was last changed, in seconds since 1970
  public int status(String etag, long modified, ModifiedSince how) {
    if (unmodifiedSince != null && modified > HttpDate.parse(unmodifiedSince)) {
      return 412;
    }
    if (match != null && !lists(match, etag, false)) {
      return 412;
    }
    boolean asksModified = modifiedSince != null && how != ModifiedSince.OFF;
    if (!asksModified && noneMatch == null) {
      return 200;
    }
    if (modifiedSince != null && asksModified) {
      long since = HttpDate.parse(modifiedSince);
      boolean isSame =
          how == ModifiedSince.EXACT
              ? modified == since
              : since != HttpDate.NONE && modified <= since;
      if (!isSame) {
        return 200;
      }
    }
    return noneMatch != null && !lists(noneMatch, etag, true) ? 200 : 304;
  }

  private static boolean lists(String field, String etag, boolean isWeak) {
    if (field.strip().equals("*")) {
      return true;
    }
    if (etag.isEmpty()) {
      return false;
    }
    for (String each : field.split(",", -1)) {
      String tag = each.strip();
      if (isWeak && tag.startsWith("W/")) {
        tag = tag.substring(2);
      }
      if (tag.equals(etag)) {
        return true;
      }
    }
    return false;
  }

  /// The part that is asked for; null for all of it, [Part#NONE] if there is no such part. Of
  /// several parts none is cut out.
  public @Nullable Part part(String etag, long modified, long length) {
    if (range == null || !range.regionMatches(true, 0, "bytes=", 0, 6)) {
      return null;
    }
    if (ifRange != null) {
      boolean isSame =
          ifRange.endsWith("\"") ? ifRange.equals(etag) : HttpDate.parse(ifRange) == modified;
      if (!isSame) {
        return null;
      }
    }
    String[] parts = range.substring(6).split(",", -1);
    Part only = null;
    for (String each : parts) {
      Part part = parse(each.strip(), length);
      if (part == null) {
        return Part.NONE;
      }
      if (part.length() > 0) {
        if (only != null) {
          return null;
        }
        only = part;
      }
    }
    return only == null ? Part.NONE : only;
  }

  /// Of length 0 if the file ends before it; null if malformed.
  private static @Nullable Part parse(String text, long length) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      return null;
    }
    String first = text.substring(0, dash).strip();
    String last = text.substring(dash + 1).strip();
    if (first.isEmpty()) {
      long count = Math.min(number(last), length);
      return count < 0 ? null : new Part(length - count, count);
    }
    long start = number(first);
    long end = last.isEmpty() ? length - 1 : number(last);
    if (start < 0 || (end < 0 && !last.isEmpty()) || (!last.isEmpty() && end < start)) {
      return null;
    }
    return start >= length
        ? new Part(0, 0)
        : new Part(start, Math.min(end, length - 1) - start + 1);
  }

  /// -1 for what is none.
  private static long number(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }
}
