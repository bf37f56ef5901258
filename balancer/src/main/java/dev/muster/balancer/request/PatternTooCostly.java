package dev.muster.balancer.request;

/// A regular expression that would take too long on the text it is searched in: the request is
/// answered 500, because neither a match nor its absence may be assumed.
public final class PatternTooCostly extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PatternTooCostly(String pattern) {
    super("the regular expression \"" + pattern + "\" takes too long", null, false, false);
  }
}
