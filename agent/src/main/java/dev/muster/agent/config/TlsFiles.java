package dev.muster.agent.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/// Looks at files of TLS, so that what is wrong with them is told together with all else. Whether
/// the key belongs to the certificate is seen at the start.
final class TlsFiles {
  private TlsFiles() {}

  /// What is wrong with a file of certificates, in words; empty if nothing is.
  static Optional<String> problemOfCertificates(Path file) {
    try {
      var in = new ByteArrayInputStream(Files.readAllBytes(file));
      return CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()
          ? Optional.of("there is no certificate in PEM in " + file)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(unreadable(file, e));
    } catch (CertificateException e) {
      return Optional.of("%s has no certificate in PEM: %s".formatted(file, e.getMessage()));
    }
  }

  /// What is wrong with the file of a key, in words; empty if nothing is.
  static Optional<String> problemOfKey(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return text.contains("PRIVATE KEY-----")
          ? Optional.empty()
          : Optional.of("there is no private key in PEM in " + file);
    } catch (IOException e) {
      return Optional.of(unreadable(file, e));
    }
  }

  private static String unreadable(Path file, IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no file " + file;
      case AccessDeniedException _ -> file + " must not be read";
      default -> "%s cannot be read: %s".formatted(file, failure.getMessage());
    };
  }
}
