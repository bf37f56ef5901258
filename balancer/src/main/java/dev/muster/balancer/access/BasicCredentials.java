package dev.muster.balancer.access;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A name and password as a client sends them (RFC 7617).
///
/// @param name octets as Latin-1 characters
/// @param password the same
public record BasicCredentials(String name, String password) {
  private static final String SCHEME = "basic ";

  /// Reads an `Authorization` field; null if it has none of this kind.
  public static @Nullable BasicCredentials parse(String field) {
    if (!field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(field.substring(SCHEME.length()).strip());
    } catch (IllegalArgumentException e) {
      return null;
    }
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    int colon = text.indexOf(':');
    return colon < 0
        ? null
        : new BasicCredentials(text.substring(0, colon), text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return "credentials of " + name;
  }
}
