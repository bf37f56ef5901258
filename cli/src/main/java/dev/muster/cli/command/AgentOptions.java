package dev.muster.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of every command that asks an agent. What is not given is taken from the variables
/// that Consul's own commands read.
public class AgentOptions {
  private static final String DEFAULT = "127.0.0.1:8500";

  @Option(
      names = "-http-addr",
      paramLabel = "ADDRESS",
      description =
          "Host:port, a URL, or unix:///path of the agent (CONSUL_HTTP_ADDR; 127.0.0.1:8500).")
  private @Nullable String address;

  @Option(
      names = "-token",
      paramLabel = "TOKEN",
      description = "The token to send (CONSUL_HTTP_TOKEN).")
  private @Nullable String token;

  @Option(
      names = "-token-file",
      paramLabel = "FILE",
      description = "A file that holds the token (CONSUL_HTTP_TOKEN_FILE).")
  private @Nullable String tokenFile;

  @Option(
      names = "-ca-file",
      paramLabel = "FILE",
      description = "For https: whose certificates to believe, in PEM (CONSUL_CACERT).")
  private @Nullable String authorities;

  @Option(
      names = "-ca-path",
      paramLabel = "FOLDER",
      description = "The same as a folder of such files (CONSUL_CAPATH).")
  private @Nullable String authoritiesFolder;

  @Option(
      names = "-tls-server-name",
      paramLabel = "NAME",
      description = "Refused: -http-addr must name the agent as its certificate does.")
  private @Nullable String serverName;

  @Option(
      names = "-client-cert",
      paramLabel = "FILE",
      description = "For https: the certificate to show, in PEM (CONSUL_CLIENT_CERT).")
  private @Nullable String certificate;

  @Option(
      names = "-client-key",
      paramLabel = "FILE",
      description = "For https: its private key, in PEM as PKCS #8 (CONSUL_CLIENT_KEY).")
  private @Nullable String key;

  /// What asks the agent that these options and the environment name.
  ///
  /// @throws CommandFailed if they contradict each other or a file cannot be read
  public final ApiClient client(Terminal terminal) {
    String base = base(terminal);
    String name = or(serverName, terminal, "CONSUL_TLS_SERVER_NAME");
    if (!name.isEmpty()) {
      throw new CommandFailed(
          ("Error: this program cannot expect another server name (%s) than it connects to. Leave"
                  + " -tls-server-name and CONSUL_TLS_SERVER_NAME out, and name the agent in"
                  + " -http-addr as its certificate does.")
              .formatted(name));
    }
    Optional<Tls> tls =
        base.startsWith("https://")
            ? Optional.of(
                Tls.of(
                    or(authorities, terminal, "CONSUL_CACERT"),
                    or(authoritiesFolder, terminal, "CONSUL_CAPATH"),
                    or(certificate, terminal, "CONSUL_CLIENT_CERT"),
                    or(key, terminal, "CONSUL_CLIENT_KEY"),
                    !isFalse(terminal.variable("CONSUL_HTTP_SSL_VERIFY"))))
            : Optional.empty();
    return new ApiClient(base, headers(terminal), parameters(), tls);
  }

  /// What is added to each query; a parameter without a value to reads only.
  Map<String, String> parameters() {
    return Map.of();
  }

  /// The agent's address as a URL.
  public final String base(Terminal terminal) {
    String given = or(address, terminal, "CONSUL_HTTP_ADDR");
    String where = given.isEmpty() ? DEFAULT : given;
    String scheme = isTrue(terminal.variable("CONSUL_HTTP_SSL")) ? "https://" : "http://";
    String url = where.contains("://") ? where : scheme + where;
    return url.replaceAll("/+$", "");
  }

  private Map<String, String> headers(Terminal terminal) {
    Map<String, String> headers = new LinkedHashMap<>();
    String secret = token(terminal);
    if (!secret.isEmpty()) {
      headers.put("X-Consul-Token", secret);
    }
    String credentials = terminal.variable("CONSUL_HTTP_AUTH");
    if (!credentials.isEmpty()) {
      String encoded =
          Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
      headers.put("Authorization", "Basic " + encoded);
    }
    return headers;
  }

  /// The token to send; empty for none.
  ///
  /// @throws CommandFailed if its file cannot be read
  public final String token(Terminal terminal) {
    if (token != null) {
      return token;
    }
    String file = or(tokenFile, terminal, "CONSUL_HTTP_TOKEN_FILE");
    if (file.isEmpty()) {
      return terminal.variable("CONSUL_HTTP_TOKEN");
    }
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new CommandFailed("Error loading the token: cannot read " + e.getMessage());
    }
  }

  private static String or(@Nullable String option, Terminal terminal, String variable) {
    return option == null ? terminal.variable(variable) : option;
  }

  private static boolean isTrue(String value) {
    return value.matches("1|t|T|TRUE|true|True");
  }

  private static boolean isFalse(String value) {
    return value.matches("0|f|F|FALSE|false|False");
  }
}
