package dev.muster.balancer.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Hashes made by `openssl passwd`, `openssl dgst` and the system's crypt.
class PasswordsTest {
  @ParameterizedTest
  @CsvSource({
    "secret, {PLAIN}secret",
    "secret, {SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
    "secret, {SSHA}8bX4JQDfZqtTfvnQ4ssDmWb17/FTQUxU",
    "secret, $apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/",
    "'', $apr1$x$tMwYqBfQwi3FYAr0aJc8M/",
    "pppppppppppppppppppppppppppppppppppppppp, $apr1$saltsalt$Iipf0Mlpj86Tx3fhJ.st01",
    "secret, $1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1",
    "Hello world!, $5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
    "pppppppppppppppppppppppppppppppppppppppp, $5$s$Yc6CnHbWH.vXwsfyhtoQ8E12CvZ96DaAjNz4iUf6pD5",
    "Hello world!,"
        + " $6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uB"
        + "nIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    "pppppppppppppppppppppppppppppppppppppppp,"
        + " $2b$04$zzzzzzzzzzzzzzzzzzzzzORlPcM/99fIYmNw.A2XnMG/PNlcriHJu",
    "secret,"
        + " $6$rounds=1234$saltsalt$DSBPDUZo0nCMWUbkNmW7RMcfxGS7cBvIvC"
        + "XqeuthKtjYB6G18g/1OQ8smAgXrYCNdMBsO.kPjvs8iRopadGpI/",
    "secret, $2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
    "'', $2b$04$......................w74bL5gU7LSJClZClCa.Pkz14aTv/XO",
    "pppppppppppppppppppppppppppppppppppppppp,"
        + " $2b$04$zzzzzzzzzzzzzzzzzzzzzORlPcM/99fIYmNw.A2XnMG/PNlcriHJu",
    "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq,"
        + " $6$0123456789abcdef$x3SwZWXnp1HHhGy2RpXT/LeitCRf5K86yfVnHp"
        + "Apj788i6tz/AdYNWsoLqufvoFgLhIINc5zE38siYxvcoZMQ/",
    "pppppppppppppppppppppppppppppppppppppppp,"
        + " $2b$04$zzzzzzzzzzzzzzzzzzzzzORlPcM/99fIYmNw.A2XnMG/PNlcriHJu",
  })
  void areTheOnesThatWereKept(String password, String kept) {
    assertThat(Passwords.matches(password, kept)).isTrue();
    assertThat(Passwords.matches("x" + password, kept)).isFalse();
    assertThat(Passwords.matches(password.isEmpty() ? "y" : password.substring(1), kept)).isFalse();
    char last = kept.charAt(kept.length() - 3);
    String other =
        kept.substring(0, kept.length() - 3)
            + (last == 'A' ? 'B' : 'A')
            + kept.substring(kept.length() - 2);
    assertThat(Passwords.matches(password, other)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "{SSHA}",
        "{SSHA}AAAA",
        "{SSHA}!",
        "{SHA}",
        "$apr1$",
        "$1$",
        "$5$",
        "$6$rounds=$x",
        "$6$rounds=99999999$x$y",
        "$6$rounds=",
        "$2b$",
        "$2b$31$abcdefghijklmnopqrstuu",
        "$2b$0x$abcdefghijklmnopqrstuu",
        "$2b$05$!bcdefghijklmnopqrstuu",
        "ab1234567890."
      })
  void isNeverRightForWhatIsNoHash(String kept) {
    assertThat(Passwords.matches("secret", kept)).isFalse();
  }

  @Test
  void credentialsAreReadAsRfc7617Says() {
    assertThat(BasicCredentials.parse("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))
        .isEqualTo(new BasicCredentials("Aladdin", "open sesame"));
    assertThat(BasicCredentials.parse("bAsIc YTpiOmM="))
        .isEqualTo(new BasicCredentials("a", "b:c"));
    assertThat(BasicCredentials.parse("Basic YQ==")).isNull();
    assertThat(BasicCredentials.parse("Basic ?")).isNull();
    assertThat(BasicCredentials.parse("Bearer YTpi")).isNull();
  }
}
