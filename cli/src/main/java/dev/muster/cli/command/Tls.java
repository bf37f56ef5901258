package dev.muster.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whom to believe behind `https`, and what to show there.
final class Tls {
  private static final char[] NO_PASSWORD = new char[0];

  private final SSLContext context;
  private final boolean verifies;

  private Tls(SSLContext context, boolean verifies) {
    this.context = context;
    this.verifies = verifies;
  }

  /// @param authorities a PEM file; with no folder, too, empty for those that the JDK believes
  /// @param folder of such files, or empty; not used when there is a file, as Consul does it
  /// @param certificate a PEM file; empty to show none
  /// @param verifies false to believe anybody
  /// @throws CommandFailed if a file is not what it should be
  static Tls of(
      String authorities, String folder, String certificate, String key, boolean verifies) {
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new CommandFailed(
          "Error: -client-cert and -client-key are given together or not at all.");
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          certificate.isEmpty() ? null : keys(certificate, key),
          verifies ? believed(authorities, folder) : anybody(),
          null);
      return new Tls(context, verifies);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new CommandFailed("Error in the files for https: " + e);
    }
  }

  void applyTo(HttpsURLConnection connection) {
    connection.setSSLSocketFactory(context.getSocketFactory());
    if (!verifies) {
      connection.setHostnameVerifier((host, session) -> true);
    }
  }

  /// Null for those that the JDK believes.
  private static TrustManager @Nullable [] believed(String authorities, String folder)
      throws IOException, GeneralSecurityException {
    if (!authorities.isEmpty() || folder.isEmpty()) {
      return authorities.isEmpty() ? null : trust(List.of(authorities));
    }
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return trust(files.filter(Files::isRegularFile).map(Path::toString).sorted().toList());
    }
  }

  private static TrustManager[] trust(List<String> files)
      throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    int count = 0;
    for (String file : files) {
      for (Certificate each : certificates(file)) {
        store.setCertificateEntry("authority-" + count++, each);
      }
    }
    if (count == 0) {
      throw new CommandFailed("Error: there is no file of certificates behind -ca-path.");
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] keys(String certificate, String key)
      throws IOException, GeneralSecurityException {
    Certificate[] chain = certificates(certificate);
    KeyStore store = emptyStore();
    store.setKeyEntry("client", privateKey(key, chain[0]), NO_PASSWORD, chain);
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static PrivateKey privateKey(String file, Certificate certificate)
      throws IOException, GeneralSecurityException {
    String text = Files.readString(Path.of(file));
    if (!text.contains("-----BEGIN PRIVATE KEY-----")) {
      throw new CommandFailed(
          "Error: %s is no private key in PKCS #8; make one with 'openssl pkcs8 -topk8 -nocrypt'."
              .formatted(file));
    }
    String body = text.replaceAll("(?s).*-----BEGIN PRIVATE KEY-----(.*?)-----END.*", "$1");
    byte[] encoded = Base64.getMimeDecoder().decode(body);
    return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static Certificate[] certificates(String file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      Certificate[] found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(Certificate[]::new);
      if (found.length > 0) {
        return found;
      }
    } catch (CertificateException e) {
      throw new CommandFailed("Error: %s holds no certificates in PEM.".formatted(file));
    }
    throw new CommandFailed("Error: %s holds no certificates in PEM.".formatted(file));
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static TrustManager[] anybody() {
    return new TrustManager[] {
      new X509TrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
          return new X509Certificate[0];
        }
      }
    };
  }
}
