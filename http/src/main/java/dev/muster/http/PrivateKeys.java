package dev.muster.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads private keys in the forms that tools write: PKCS#8 (RFC 5958), RSA keys alone (PKCS#1, RFC
/// 8017) and EC keys alone (SEC 1, RFC 5915). The JDK knows the first only, so the others are put
/// into its frame.
final class PrivateKeys {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int OBJECT = 0x06;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;

  /// rsaEncryption with its empty parameters.
  private static final byte[] RSA =
      der(
          SEQUENCE,
          der(OBJECT, bytes(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01)),
          der(0x05));

  /// id-ecPublicKey, before the name of the curve.
  private static final byte[] EC = der(OBJECT, bytes(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01));

  private PrivateKeys() {}

  /// The first key in a text in PEM.
  ///
  /// @throws IOException if there is none that can be used; the message says why
  static PrivateKey read(String pem) throws IOException {
    Matcher key = KEY.matcher(pem);
    if (!key.find()) {
      throw new IOException("there is no private key in PEM in it");
    }
    String kind = key.group(1);
    if (kind.startsWith("ENCRYPTED") || key.group(2).contains("ENCRYPTED")) {
      throw new IOException("the key has a passphrase; store it without one");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(key.group(2).strip());
    } catch (IllegalArgumentException e) {
      throw new IOException("the key is not Base64: " + e.getMessage(), e);
    }
    return key(
        switch (kind) {
          case "PRIVATE KEY" -> der;
          case "RSA PRIVATE KEY" -> framed(RSA, der);
          case "EC PRIVATE KEY" -> framed(der(SEQUENCE, EC, curve(der)), der);
          default -> throw new IOException("keys of the kind \"" + kind + "\" are not known here");
        });
  }

  private static PrivateKey key(byte[] pkcs8) throws IOException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        // of another algorithm
      }
    }
    throw new IOException("the key is damaged, or neither RSA nor EC nor EdDSA");
  }

  private static byte[] framed(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, der(INTEGER, bytes(0)), algorithm, der(OCTETS, key));
  }

  /// An EC key is a sequence of version, key, and the curve's name within `[0]`.
  private static byte[] curve(byte[] key) throws IOException {
    try {
      int at = content(key, 0);
      at = end(key, at);
      at = end(key, at);
      if ((key[at] & 0xff) == PARAMETERS) {
        return Arrays.copyOfRange(key, content(key, at), end(key, at));
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("the key is cut off", e);
    }
    throw new IOException("the key does not name its curve");
  }

  private static int content(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
  }

  private static int end(byte[] der, int at) {
    int content = content(der, at);
    int length = der[at + 1] & 0xff;
    if (length >= 0x80) {
      length = 0;
      for (int i = at + 2; i < content; i++) {
        length = (length << 8) | (der[i] & 0xff);
      }
    }
    return Math.addExact(content, length);
  }

  private static byte[] der(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    var out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length < 0x80) {
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
