package dev.muster.agent.config;

import dev.muster.agent.hcl.Place;
import dev.muster.agent.hcl.Value;
import dev.muster.health.probe.ScriptChecks;
import dev.muster.http.HttpTls;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/// Turns checked values into a configuration; checks what concerns more than one key.
final class ConfigReading {
  private static final int META_MAX = 64;
  private static final int META_VALUE_MAX = 512;
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9-]{1,128}");
  private static final Pattern META_KEY = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

  private static final Pattern OCTAL_MODE = Pattern.compile("0?[0-7]{3}");

  private final Values values;
  private final String hostName;
  private final Problems problems;

  ConfigReading(Values values, String hostName, Problems problems) {
    this.values = values;
    this.hostName = hostName;
    this.problems = problems;
  }

  AgentConfig config() {
    boolean development = values.isOn("dev_mode");
    AgentConfig.Listening listening = listening();
    AgentConfig config =
        new AgentConfig(
            development,
            identity(),
            path("data_dir"),
            listening,
            ports(),
            api(),
            new DnsReading(values, problems).config(values.textOrFail("datacenter")),
            scripts(),
            balancing(),
            new TelemetryReading(values, problems).telemetry(),
            new AgentConfig.Log(
                Kind.level(values.textOrFail("log_level")).orElse("info"), values.isOn("log_json")),
            path("pid_file"),
            new DefinitionReading(values, problems, scripts()).definitions());
    refuseToJoinOthers(config);
    return config;
  }

  /// A server needs one; a file that is checked by itself does not.
  void requireDataFolder() {
    if (path("data_dir").isEmpty() && !values.isOn("dev_mode")) {
      problems.add(
          "no folder to keep state in: give -data-dir FOLDER, or -dev for a temporary one");
    }
  }

  private AgentConfig.Identity identity() {
    String name = values.text("node_name").orElse(hostName);
    if (!values.isGiven("node_name")) {
      Keys.all()
          .get("node_name")
          .kind()
          .problem(new Value.Text(name, Place.of("default")))
          .ifPresent(problem -> problems.add(Place.of("default"), "node_name", problem));
    }
    return new AgentConfig.Identity(name, nodeId(), datacenter(), nodeMeta());
  }

  /// One label of a name in DNS: with a dot it would be two.
  private String datacenter() {
    String datacenter = values.textOrFail("datacenter");
    if (datacenter.contains(".")) {
      problems.add(
          values.place("datacenter"),
          "datacenter",
          "\"" + datacenter + "\" is not 1 to 63 of A-Z a-z 0-9 _ -");
    }
    return datacenter.toLowerCase(Locale.ROOT);
  }

  private Optional<String> nodeId() {
    Optional<String> id = values.text("node_id").filter(text -> !text.isEmpty());
    try {
      return id.map(text -> UUID.fromString(text).toString());
    } catch (IllegalArgumentException e) {
      problems.add(values.place("node_id"), "node_id", "\"" + id.orElse("") + "\" is not a UUID");
      return Optional.empty();
    }
  }

  private Map<String, String> nodeMeta() {
    Map<String, String> meta = values.map("node_meta");
    Place place = values.place("node_meta");
    if (meta.size() > META_MAX) {
      problems.add(place, "node_meta", "more than %d keys".formatted(META_MAX));
    }
    meta.forEach(
        (key, value) -> {
          if (!META_KEY.matcher(key).matches() || value.length() > META_VALUE_MAX) {
            problems.add(
                place,
                "node_meta",
                "\"%s\": keys are 1-128 of A-Z a-z 0-9 _ -, values at most %d characters"
                    .formatted(key, META_VALUE_MAX));
          } else if (key.startsWith("consul-")) {
            problems.add(place, "node_meta", "\"" + key + "\": consul-… are the server's own keys");
          }
        });
    return meta;
  }

  private AgentConfig.Listening listening() {
    List<String> client = addresses("client_addr");
    boolean isDnsGiven = values.isGiven("addresses.dns");
    if (client.size() > 1) {
      problems.warn(
          values.place("client_addr"),
          "the balancer listens to the first address only, " + client.getFirst());
    }
    return new AgentConfig.Listening(
        client,
        ofApi("addresses.http"),
        ofApi("addresses.https"),
        addresses(isDnsGiven ? "addresses.dns" : "client_addr"),
        Kind.ip(values.textOrFail("bind_addr")).orElseThrow(),
        values.text("advertise_addr").flatMap(Kind::ip),
        socketMode());
  }

  private Optional<Set<PosixFilePermission>> socketMode() {
    Optional<String> mode = values.text("unix_sockets.mode").filter(text -> !text.isEmpty());
    if (mode.isEmpty()) {
      return Optional.empty();
    }
    if (!OCTAL_MODE.matcher(mode.get()).matches()) {
      problems.add(
          values.place("unix_sockets.mode"),
          "unix_sockets.mode",
          "\"" + mode.get() + "\" is not three octal digits such as \"0770\"");
      return Optional.empty();
    }
    int bits = Integer.parseInt(mode.get(), 8);
    var permissions = new StringBuilder("rwxrwxrwx");
    for (int i = 0; i < permissions.length(); i++) {
      if ((bits & (0b100_000_000 >> i)) == 0) {
        permissions.setCharAt(i, '-');
      }
    }
    return Optional.of(PosixFilePermissions.fromString(permissions.toString()));
  }

  /// Unless the key says otherwise, clients' addresses.
  private List<String> ofApi(String key) {
    List<String> all = new ArrayList<>();
    String given = values.text(key).or(() -> values.text("client_addr")).orElseThrow();
    for (String address : given.strip().split("\\s+", -1)) {
      all.add(Kind.ip(address).orElse(address));
    }
    return all;
  }

  private List<String> addresses(String key) {
    List<String> addresses = new ArrayList<>();
    for (String address : values.textOrFail(key).strip().split("\\s+", -1)) {
      if (address.startsWith("unix://")) {
        problems.add(
            values.place(key),
            key,
            "only addresses.http and addresses.https may be Unix sockets; give an IP address");
      } else {
        addresses.add(Kind.ip(address).orElseThrow());
      }
    }
    return addresses;
  }

  private AgentConfig.Ports ports() {
    return new AgentConfig.Ports(
        values.number("ports.http"),
        values.number("ports.https"),
        values.number("ports.dns"),
        values.number("ports.server"),
        values.number("ports.balancer"));
  }

  private AgentConfig.Api api() {
    List<Network> writers = new ArrayList<>();
    for (Value value : values.all("http_config.allow_write_http_from")) {
      String text = Values.text(value);
      Network.of(text)
          .ifPresentOrElse(
              writers::add,
              () ->
                  problems.add(
                      value.place(),
                      "http_config.allow_write_http_from",
                      "\"%s\" is not a network such as 10.0.0.0/8".formatted(text)));
    }
    int valueBytesMax = values.number("limits.kv_max_value_size");
    return new AgentConfig.Api(
        responseHeaders(),
        writers,
        values.texts("http_config.block_endpoints"),
        valueBytesMax,
        Math.max(valueBytesMax, values.number("limits.txn_max_req_len")),
        values.number("limits.http_max_conns_per_client"),
        values.duration("session_ttl_min"),
        tls());
  }

  private Optional<HttpTls> tls() {
    if (values.number("ports.https") < 0) {
      return Optional.empty();
    }
    Optional<Path> certificates = ofTls("cert_file").map(Path::of);
    Optional<Path> key = ofTls("key_file").map(Path::of);
    Optional<Path> authorities =
        ofTls("verify_incoming")
            .filter("true"::equals)
            .flatMap(_ -> ofTls("ca_file"))
            .map(Path::of);
    if (certificates.isEmpty() || key.isEmpty()) {
      problems.add(
          values.place("ports.https"),
          "ports.https",
          "HTTPS needs tls.defaults.cert_file and tls.defaults.key_file");
      return Optional.empty();
    }
    if (ofTls("verify_incoming").filter("true"::equals).isPresent() && authorities.isEmpty()) {
      problems.add(values.place("ports.https"), "verify_incoming", "it needs tls.defaults.ca_file");
    }
    tell("cert_file", TlsFiles.problemOfCertificates(certificates.get()));
    tell("key_file", TlsFiles.problemOfKey(key.get()));
    authorities.ifPresent(file -> tell("ca_file", TlsFiles.problemOfCertificates(file)));
    return Optional.of(new HttpTls(certificates.get(), key.get(), authorities.orElse(null)));
  }

  private void tell(String key, Optional<String> problem) {
    boolean isOwn = values.text("tls.https." + key).filter(text -> !text.isEmpty()).isPresent();
    String name = (isOwn ? "tls.https." : "tls.defaults.") + key;
    problem.ifPresent(it -> problems.add(values.place(name), name, it));
  }

  /// What holds for HTTPS: its own key, or that for all.
  private Optional<String> ofTls(String key) {
    return values
        .text("tls.https." + key)
        .or(() -> values.text("tls.defaults." + key))
        .filter(text -> !text.isEmpty());
  }

  private ScriptChecks scripts() {
    if (values.isOn("enable_script_checks")) {
      return ScriptChecks.ALL;
    }
    return values.isOn("enable_local_script_checks") ? ScriptChecks.LOCAL : ScriptChecks.NONE;
  }

  private Map<String, String> responseHeaders() {
    Map<String, String> headers = values.map("http_config.response_headers");
    headers.forEach(
        (name, value) -> {
          boolean isHeader = HEADER_NAME.matcher(name).matches();
          if (!isHeader || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            problems.add(
                values.place("http_config.response_headers"),
                "http_config.response_headers",
                "\"%s\" is no header of printable ASCII".formatted(name));
          }
        });
    return headers;
  }

  private AgentConfig.Balancing balancing() {
    return new AgentConfig.Balancing(
        threads(),
        path("balancer.config"),
        values.isOn("balancer.warning_is_routable"),
        values.duration("balancer.drain_deadline"),
        values.duration("balancer.keep_last_good"),
        values.number("balancer.keep_last_good_loss"));
  }

  private int threads() {
    return values.isGiven("balancer.threads")
        ? values.number("balancer.threads")
        : Runtime.getRuntime().availableProcessors();
  }

  private Optional<Path> path(String key) {
    return values.text(key).filter(name -> !name.isBlank()).map(Path::of);
  }

  /// Joining itself does nothing; starting alone though others were named would be two groups where
  /// one is meant.
  private void refuseToJoinOthers(AgentConfig config) {
    Set<String> own =
        new HashSet<>(
            List.of(
                "localhost",
                "127.0.0.1",
                "::1",
                config.identity().nodeName(),
                config.listening().bind(),
                config.listening().advertised().orElse(config.listening().bind())));
    for (String key : List.of("retry_join", "start_join")) {
      for (Value value : values.all(key)) {
        String address = Values.text(value);
        String host =
            address.replaceFirst("^\\[(.*)](:\\d+)?$", "$1").replaceFirst("^([^:]*):\\d+$", "$1");
        if (own.contains(host)) {
          problems.warn(value.place(), key + " has no effect: a server has no need to join itself");
        } else {
          problems.add(
              value.place(),
              key,
              "\"%s\": groups of several servers are not supported yet; take it out"
                  .formatted(address));
        }
      }
    }
  }
}
