package dev.muster.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A complete request.
///
/// @param path decoded, so `%2F` and `/` are the same
/// @param query decoded, in the order of the parameters; a bare name has the value ""
/// @param headers by lower-case name
/// @param body never longer than [Handler#bodyBytesMax] allows; not to be altered
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Request(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    byte[] body,
    InetAddress client) {

  /// The first value of a query parameter.
  public Optional<String> parameter(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }

  /// Whether the parameter is there, with or without a value.
  public boolean hasParameter(String name) {
    return query.containsKey(name);
  }
}
