package dev.muster.balancer.request;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;

/// A request's place in a distributed trace (W3C Trace Context). Immutable.
///
/// @param high first half of the trace's id
/// @param low second half of it
/// @param parent the span that asked, 0 if the trace starts here
/// @param span the request's own
/// @param method of the request
/// @param target of the request, its query included
/// @param host of the request
public record Trace(
    long high, long low, long parent, long span, String method, String target, String host) {
  private static final byte[] NAME = Octets.ascii("traceparent: 00-");
  private static final byte[] SAMPLED = Octets.ascii("-01");
  private static final String FIELD = "traceparent";
  private static final String STATE = "tracestate";
  private static final String HEX = "0123456789abcdef";
  private static final int ID_DIGITS = 16;

  /// Whether it starts here.
  public boolean isStarted() {
    return parent == 0;
  }

  /// Appends its line for an instance, which takes the place of the client's own. The state of
  /// another trace goes with that.
  public void write(HeaderBlock headers, HeadWriter out) {
    for (int i = 0; i < headers.count(); i++) {
      if (headers.isNamed(i, FIELD) || (isStarted() && headers.isNamed(i, STATE))) {
        headers.drop(i);
      }
    }
    out.write(NAME);
    hex(high, out);
    hex(low, out);
    out.write('-');
    hex(span, out);
    out.write(SAMPLED).endLine();
  }

  private static void hex(long value, HeadWriter out) {
    for (int shift = 4 * (ID_DIGITS - 1); shift >= 0; shift -= 4) {
      out.write(HEX.charAt((int) (value >>> shift) & 0xf));
    }
  }
}
