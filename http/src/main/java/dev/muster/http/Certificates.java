package dev.muster.http;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/// Makes TLS out of files, or says which of them is at fault and why.
final class Certificates {
  private static final byte[] PROBE =
      "does the key belong to the certificate?".getBytes(StandardCharsets.US_ASCII);

  private Certificates() {}

  /// What a server needs to speak TLS.
  ///
  /// @throws IOException if it cannot be had; the message names the file
  static SslContext context(HttpTls tls) throws IOException {
    List<X509Certificate> own = certificates(tls.certificates());
    PrivateKey key = key(tls.key());
    if (!belongs(key, own.getFirst())) {
      throw new IOException(
          "the TLS key %s does not belong to the first certificate in %s (%s)"
              .formatted(tls.key(), tls.certificates(), own.getFirst().getSubjectX500Principal()));
    }
    SslContextBuilder builder =
        SslContextBuilder.forServer(key, own)
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2");
    Path authorities = tls.clientAuthorities();
    if (authorities != null) {
      builder.trustManager(certificates(authorities)).clientAuth(ClientAuth.REQUIRE);
    }
    return builder.build();
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new IOException("there is no certificate in PEM in it");
      }
      return certificates;
    } catch (IOException | CertificateException e) {
      throw new IOException("cannot use the TLS certificates %s: %s".formatted(file, reason(e)), e);
    }
  }

  private static PrivateKey key(Path file) throws IOException {
    try {
      return PrivateKeys.read(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new IOException("cannot use the TLS key %s: %s".formatted(file, reason(e)), e);
    }
  }

  private static String reason(Exception failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "it must not be read";
      default -> String.valueOf(failure.getMessage());
    };
  }

  private static boolean belongs(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // keys of two kinds
    }
  }
}
