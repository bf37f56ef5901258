package dev.muster.balancer.chain;

import dev.muster.balancer.request.Request;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What of a request decides which instance gets it, as the hash policies of a service say. A
/// request that has none of it is a matter of chance. Immutable.
///
/// @param parts in the order in which they are looked at
public record HashKey(List<Part> parts, Chance chance) {
  /// Where a part of the key is found.
  public enum From {
    /// A header of that name.
    HEADER,
    /// A cookie of that name.
    COOKIE,
    /// A parameter of the query.
    PARAMETER,
    /// The client's address.
    ADDRESS
  }

  /// A part of the key.
  ///
  /// @param from where it is found
  /// @param name of the header, cookie or parameter
  /// @param isMade whether a client without the cookie gets one
  /// @param isTerminal whether nothing after it is looked at once it was found
  public record Part(From from, String name, boolean isMade, boolean isTerminal) {}

  /// Copies what it is given.
  public HashKey {
    parts = List.copyOf(parts);
  }

  /// All parts that the request has; a number by chance if it has none.
  String text(Request request) {
    StringBuilder found = new StringBuilder();
    for (Part part : parts) {
      Optional<String> value = value(part, request);
      if (value.isPresent()) {
        found.append(value.get()).append('\n');
        if (part.isTerminal()) {
          break;
        }
      }
    }
    return found.isEmpty() ? fresh(chance.of(request)) : found.toString();
  }

  private Optional<String> value(Part part, Request request) {
    return switch (part.from()) {
      case HEADER -> Optional.ofNullable(request.header(part.name().toLowerCase(Locale.ROOT)));
      case PARAMETER -> Optional.ofNullable(RequestTest.parameter(request.args(), part.name()));
      case ADDRESS -> Optional.of(request.client().address());
      case COOKIE -> {
        Optional<String> sent = cookie(request, part.name());
        yield sent.isEmpty() && part.isMade() ? Optional.of(fresh(chance.of(request))) : sent;
      }
    };
  }

  /// The value of a cookie that the request has.
  static Optional<String> cookie(Request request, String name) {
    String all = request.header("cookie");
    if (all == null) {
      return Optional.empty();
    }
    int from = 0;
    while (from < all.length()) {
      int end = all.indexOf(';', from);
      end = end < 0 ? all.length() : end;
      int equals = all.indexOf('=', from);
      if (equals > 0 && equals < end && all.substring(from, equals).strip().equals(name)) {
        return Optional.of(all.substring(equals + 1, end).strip());
      }
      from = end + 1;
    }
    return Optional.empty();
  }

  /// The value of a cookie that a client gets.
  static String fresh(long chance) {
    return Long.toHexString(chance);
  }
}
