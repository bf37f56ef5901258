package dev.muster.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The files that make a server speak TLS (1.2 and 1.3), all in PEM. Read once, at the start.
///
/// @param certificates the server's own first, then those that lead to its authority
/// @param key of the first certificate: PKCS#8, PKCS#1 or SEC 1, without a passphrase
/// @param clientAuthorities if there, a client must show a certificate that leads to one of these
///     (Consul's `verify_incoming`)
public record HttpTls(Path certificates, Path key, @Nullable Path clientAuthorities) {}
