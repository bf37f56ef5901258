package dev.muster.balancer.access;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// bcrypt (Provos and Mazières 1999): Blowfish whose key schedule costs as much as one asks for.
/// Stateless. Its tables are the first digits of pi, which are computed when they are first needed.
final class Bcrypt {
  private static final String DIGITS =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ROUNDS = 16;
  private static final int KEY_WORDS = ROUNDS + 2;
  private static final int BOX_WORDS = 256;
  private static final int SALT_CHARS = 22;
  private static final int PREFIX_CHARS = 7;
  private static final int PASSWORD_BYTES_MAX = 72;
  private static final int COST_MIN = 4;
  private static final int COST_MAX = 16;
  private static final int SHOWN_BYTES = 23;
  private static final byte[] TEXT = "OrpheanBeholderScryDoubt".getBytes(StandardCharsets.US_ASCII);

  private final int[] key;
  private final int[] boxes;

  /// The digits of pi behind its point, in words of 32 bits.
  private static final class Pi {
    private static final int WORDS = KEY_WORDS + 4 * BOX_WORDS;
    private static final int SPARE_BITS = 64;
    static final int[] FRACTION = fraction();

    private static int[] fraction() {
      BigInteger one = BigInteger.ONE.shiftLeft(WORDS * 32 + SPARE_BITS);
      BigInteger pi =
          arcCotangent(one, 5)
              .shiftLeft(2)
              .subtract(arcCotangent(one, 239))
              .shiftLeft(2)
              .shiftRight(SPARE_BITS);
      int[] words = new int[WORDS];
      for (int i = 0; i < WORDS; i++) {
        words[i] = pi.shiftRight((WORDS - 1 - i) * 32).intValue();
      }
      return words;
    }

    private static BigInteger arcCotangent(BigInteger one, int x) {
      BigInteger square = BigInteger.valueOf((long) x * x);
      BigInteger power = one.divide(BigInteger.valueOf(x));
      BigInteger sum = power;
      for (int n = 3; power.signum() != 0; n += 2) {
        power = power.divide(square);
        BigInteger term = power.divide(BigInteger.valueOf(n));
        sum = n % 4 == 3 ? sum.subtract(term) : sum.add(term);
      }
      return sum;
    }
  }

  private Bcrypt() {
    key = Arrays.copyOf(Pi.FRACTION, KEY_WORDS);
    boxes = Arrays.copyOfRange(Pi.FRACTION, KEY_WORDS, Pi.FRACTION.length);
  }

  /// The hash with the cost and salt of another, `$2b$10$…`; empty if those are malformed or the
  /// cost is above 16, which would take seconds.
  static String hash(byte[] password, String kept) {
    if (kept.length() < PREFIX_CHARS + SALT_CHARS || kept.charAt(6) != '$') {
      return "";
    }
    int cost = Character.digit(kept.charAt(4), 10) * 10 + Character.digit(kept.charAt(5), 10);
    byte[] salt = decode(kept.substring(PREFIX_CHARS, PREFIX_CHARS + SALT_CHARS));
    if (cost < COST_MIN || cost > COST_MAX || salt.length == 0) {
      return "";
    }
    byte[] closed = Arrays.copyOf(password, Math.min(password.length + 1, PASSWORD_BYTES_MAX));
    Bcrypt state = new Bcrypt();
    state.expand(closed, salt);
    byte[] none = new byte[salt.length];
    for (long i = 0; i < 1L << cost; i++) {
      state.expand(closed, none);
      state.expand(salt, none);
    }
    byte[] out = state.encrypt();
    return kept.substring(0, PREFIX_CHARS + SALT_CHARS) + encode(Arrays.copyOf(out, SHOWN_BYTES));
  }

  private void expand(byte[] password, byte[] salt) {
    for (int i = 0; i < KEY_WORDS; i++) {
      key[i] ^= word(password, i * 4);
    }
    int[] halves = new int[2];
    for (int i = 0; i < KEY_WORDS; i += 2) {
      mix(halves, salt, i * 4);
      key[i] = halves[0];
      key[i + 1] = halves[1];
    }
    for (int i = 0; i < boxes.length; i += 2) {
      mix(halves, salt, (KEY_WORDS + i) * 4);
      boxes[i] = halves[0];
      boxes[i + 1] = halves[1];
    }
  }

  private void mix(int[] halves, byte[] salt, int at) {
    halves[0] ^= word(salt, at);
    halves[1] ^= word(salt, at + 4);
    encipher(halves);
  }

  private static int word(byte[] bytes, int at) {
    int word = 0;
    for (int i = 0; i < 4; i++) {
      word = word << 8 | (bytes[(at + i) % bytes.length] & 0xff);
    }
    return word;
  }

  private void encipher(int[] halves) {
    int left = halves[0];
    int right = halves[1];
    for (int i = 0; i < ROUNDS; i += 2) {
      left ^= key[i];
      right ^= scrambled(left) ^ key[i + 1];
      left ^= scrambled(right);
    }
    halves[0] = right ^ key[ROUNDS + 1];
    halves[1] = left ^ key[ROUNDS];
  }

  private int scrambled(int half) {
    int sum = boxes[half >>> 24] + boxes[BOX_WORDS + (half >>> 16 & 0xff)];
    return (sum ^ boxes[2 * BOX_WORDS + (half >>> 8 & 0xff)])
        + boxes[3 * BOX_WORDS + (half & 0xff)];
  }

  private byte[] encrypt() {
    byte[] out = new byte[TEXT.length];
    int[] halves = new int[2];
    for (int at = 0; at < TEXT.length; at += 8) {
      halves[0] = word(TEXT, at);
      halves[1] = word(TEXT, at + 4);
      for (int i = 0; i < 64; i++) {
        encipher(halves);
      }
      for (int i = 0; i < 8; i++) {
        out[at + i] = (byte) (halves[i / 4] >>> (24 - i % 4 * 8));
      }
    }
    return out;
  }

  private static byte[] decode(String text) {
    byte[] out = new byte[16];
    int bits = 0;
    int held = 0;
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = DIGITS.indexOf(text.charAt(i));
      if (digit < 0) {
        return new byte[0];
      }
      held = held << 6 | digit;
      bits += 6;
      if (bits >= 8 && length < out.length) {
        bits -= 8;
        out[length++] = (byte) (held >>> bits);
      }
    }
    return out;
  }

  private static String encode(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    int bits = 0;
    int held = 0;
    for (byte octet : bytes) {
      held = held << 8 | (octet & 0xff);
      bits += 8;
      while (bits >= 6) {
        bits -= 6;
        out.append(DIGITS.charAt(held >>> bits & 0x3f));
      }
    }
    if (bits > 0) {
      out.append(DIGITS.charAt(held << (6 - bits) & 0x3f));
    }
    return out.toString();
  }
}
