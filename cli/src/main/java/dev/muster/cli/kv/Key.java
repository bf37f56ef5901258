package dev.muster.cli.kv;

import dev.muster.cli.command.Endpoint;
import java.math.BigInteger;
import java.util.Base64;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/// How keys and what is kept with them are written.
final class Key {
  private Key() {}

  /// No key begins with a slash, but people write one.
  static String named(String word) {
    return word.startsWith("/") ? word.substring(1) : word;
  }

  static Endpoint endpoint(String key) {
    return Endpoint.of("kv", key);
  }

  static byte[] value(JsonNode entry) {
    return Base64.getDecoder().decode(base64(entry));
  }

  static String base64(JsonNode entry) {
    return entry.path("Value").isString() ? entry.path("Value").asString() : "";
  }

  /// Indexes and flags: 64 bits without a sign.
  static final class Unsigned implements ITypeConverter<BigInteger> {
    @Override
    public BigInteger convert(String word) {
      if (!word.matches("[0-9]{1,20}") || new BigInteger(word).bitLength() > 64) {
        throw new TypeConversionException("'" + word + "' is no number from 0 to 2^64-1");
      }
      return new BigInteger(word);
    }
  }
}
