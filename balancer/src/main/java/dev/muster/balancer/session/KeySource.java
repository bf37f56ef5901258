package dev.muster.balancer.session;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.Template;
import java.util.Locale;

/// Where the name of a session is found: in a request, or in the answer that begins it. Read in
/// place wherever a single variable says so. Immutable.
sealed interface KeySource {
  /// There is no such name, or it is empty.
  long NOTHING = 0;

  /// The hash of the session's name in a request, or [#NOTHING].
  long ofRequest(Request request, HeadWriter scratch, SipHash hash);

  /// The same of an answer's head; [#NOTHING] for what only requests have.
  long ofAnswer(HeaderBlock headers, byte[] bytes, SipHash hash);

  /// Whether it is found in answers.
  boolean isOfAnswer();

  /// The source that a text with variables is.
  static KeySource of(Template template) {
    String name = variable(template.source());
    if (name.startsWith("cookie_")) {
      return new OfRequestCookie(octets(name.substring("cookie_".length())));
    }
    if (name.startsWith("upstream_cookie_")) {
      return new OfAnswerCookie(octets(name.substring("upstream_cookie_".length())));
    }
    if (name.startsWith("upstream_http_")) {
      return new OfAnswerHeader(
          name.substring("upstream_http_".length()).replace('_', '-').toLowerCase(Locale.ROOT));
    }
    return new OfText(template);
  }

  /// The only variable in a text, or nothing.
  private static String variable(String source) {
    boolean isBraced = source.startsWith("${") && source.endsWith("}");
    String name =
        isBraced
            ? source.substring(2, source.length() - 1)
            : source.startsWith("$") ? source.substring(1) : "";
    boolean isOne = name.chars().allMatch(c -> c == '_' || Character.isLetterOrDigit(c));
    return isOne ? name : "";
  }

  private static byte[] octets(String name) {
    return Octets.ascii(name.toLowerCase(Locale.ROOT));
  }

  private static long hash(byte[] bytes, int from, int to, SipHash hash) {
    int end = Cookies.trimmed(bytes, from, to);
    return end == from ? NOTHING : hash.of(bytes, from, end);
  }

  /// `$cookie_name`: the first that is not empty.
  final class OfRequestCookie implements KeySource {
    private final byte[] name;

    /// @param name in lower case
    OfRequestCookie(byte[] name) {
      this.name = name;
    }

    @Override
    public long ofRequest(Request request, HeadWriter scratch, SipHash hash) {
      RequestHead head = request.head();
      HeaderBlock headers = head.headers();
      byte[] bytes = head.bytes();
      long found = NOTHING;
      for (int i = 0; i < headers.count() && found == NOTHING; i++) {
        if (headers.isNamed(i, Cookies.REQUEST)) {
          found = in(bytes, headers.valueStart(i), headers.valueEnd(i), hash);
        }
      }
      return found;
    }

    private long in(byte[] bytes, int from, int end, SipHash hash) {
      for (int at = from; at < end; ) {
        int pairEnd = Cookies.pairEnd(bytes, at, end);
        int value = Cookies.valueStart(bytes, at, pairEnd, name);
        long found = value < 0 ? NOTHING : hash(bytes, value, pairEnd, hash);
        if (found != NOTHING) {
          return found;
        }
        at = Cookies.next(bytes, pairEnd, end);
      }
      return NOTHING;
    }

    @Override
    public long ofAnswer(HeaderBlock headers, byte[] bytes, SipHash hash) {
      return NOTHING;
    }

    @Override
    public boolean isOfAnswer() {
      return false;
    }
  }

  /// `$upstream_cookie_name`: the last that is set, as browsers take it.
  final class OfAnswerCookie implements KeySource {
    private final byte[] name;

    /// @param name in lower case
    OfAnswerCookie(byte[] name) {
      this.name = name;
    }

    @Override
    public long ofRequest(Request request, HeadWriter scratch, SipHash hash) {
      return NOTHING;
    }

    @Override
    public long ofAnswer(HeaderBlock headers, byte[] bytes, SipHash hash) {
      for (int i = headers.count() - 1; i >= 0; i--) {
        if (headers.isNamed(i, Cookies.ANSWER)) {
          int pairEnd = Cookies.pairEnd(bytes, headers.valueStart(i), headers.valueEnd(i));
          int value = Cookies.valueStart(bytes, headers.valueStart(i), pairEnd, name);
          long found = value < 0 ? NOTHING : hash(bytes, value, pairEnd, hash);
          if (found != NOTHING) {
            return found;
          }
        }
      }
      return NOTHING;
    }

    @Override
    public boolean isOfAnswer() {
      return true;
    }
  }

  /// `$upstream_http_name`.
  record OfAnswerHeader(String name) implements KeySource {
    @Override
    public long ofRequest(Request request, HeadWriter scratch, SipHash hash) {
      return NOTHING;
    }

    @Override
    public long ofAnswer(HeaderBlock headers, byte[] bytes, SipHash hash) {
      for (int i = 0; i < headers.count(); i++) {
        if (headers.isNamed(i, name)) {
          return hash(bytes, headers.valueStart(i), headers.valueEnd(i), hash);
        }
      }
      return NOTHING;
    }

    @Override
    public boolean isOfAnswer() {
      return true;
    }
  }

  /// Anything else, as the request has it.
  record OfText(Template template) implements KeySource {
    @Override
    public long ofRequest(Request request, HeadWriter scratch, SipHash hash) {
      template.write(request, scratch.clear());
      return hash(scratch.bytes(), 0, scratch.length(), hash);
    }

    @Override
    public long ofAnswer(HeaderBlock headers, byte[] bytes, SipHash hash) {
      return NOTHING;
    }

    @Override
    public boolean isOfAnswer() {
      return false;
    }
  }
}
