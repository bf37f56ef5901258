package dev.muster.consul;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Requests that are right, for each endpoint: what is to be spoilt.
final class Examples {
  static final String SNAPSHOT = "PUT /v1/snapshot";

  /// Of the session and of the prepared query that the test has made.
  private static final String SESSION = "{session}";

  private static final String QUERY = "{query}";

  /// Their bodies are their own affair, not JSON.
  private static final Map<String, String> PLAIN =
      Map.of(
          "PUT /v1/kv/", "value",
          "PUT /v1/event/fire/", "payload",
          "POST /v1/event/fire/", "payload");

  /// The beginnings of endpoints that write and take no body.
  private static final Set<String> WITHOUT_BODY =
      Set.of(
          "PUT /v1/acl/",
          "POST /v1/acl/",
          "POST /v1/agent/connect/",
          "PUT /v1/connect/intentions",
          "POST /v1/connect/intentions",
          "PUT /v1/connect/",
          "PUT /v1/agent/token/",
          "PUT /v1/agent/join/",
          "PUT /v1/agent/leave",
          "PUT /v1/agent/reload",
          "PUT /v1/agent/force-leave/",
          "PUT /v1/agent/maintenance",
          "PUT /v1/agent/service/deregister/",
          "PUT /v1/agent/service/maintenance/",
          "PUT /v1/agent/check/deregister/",
          "PUT /v1/agent/check/pass/",
          "PUT /v1/agent/check/warn/",
          "PUT /v1/agent/check/fail/",
          "PUT /v1/session/destroy/",
          "PUT /v1/session/renew/",
          "POST /v1/operator/raft/transfer-leader");

  private static final Map<String, List<String>> JSON =
      Map.ofEntries(
          Map.entry("PUT /v1/txn", transactions()),
          Map.entry("PUT /v1/session/create", sessions()),
          Map.entry("PUT /v1/agent/service/register", services()),
          Map.entry("PUT /v1/agent/check/register", checks()),
          Map.entry(
              "PUT /v1/agent/check/update/", List.of("{\"Status\":\"passing\",\"Output\":\"ok\"}")),
          Map.entry("PUT /v1/catalog/register", registrations()),
          Map.entry(
              "PUT /v1/catalog/deregister",
              List.of(
                  """
                  {"Datacenter":"dc1","Node":"ext","ServiceID":"db1","CheckID":"","Namespace":""}
                  """)),
          Map.entry("POST /v1/query", queries()),
          Map.entry("PUT /v1/query/", queries()),
          Map.entry("PUT /v1/config", entries()),
          Map.entry(
              "PUT /v1/operator/autopilot/configuration",
              List.of(
                  """
                  {"CleanupDeadServers":true,"LastContactThreshold":"200ms","MaxTrailingLogs":250,
                   "MinQuorum":0,"ServerStabilizationTime":"10s","RedundancyZoneTag":"",
                   "DisableUpgradeMigration":false,"UpgradeVersionTag":""}
                  """)),
          Map.entry(
              "PUT /v1/coordinate/update",
              List.of(
                  """
                  {"Node":"dev1","Segment":"","Coord":{"Vec":[0,0,0,0,0,0,0,0.5],"Error":1.5,
                   "Adjustment":0,"Height":0.00001}}
                  """)),
          Map.entry("PUT /v1/operator/keyring", List.of("{\"Key\":\"c2VjcmV0\"}")),
          Map.entry("POST /v1/operator/keyring", List.of("{\"Key\":\"c2VjcmV0\"}")),
          Map.entry("DELETE /v1/operator/keyring", List.of("{\"Key\":\"c2VjcmV0\"}")));

  private Examples() {}

  /// Whether it is known what an endpoint takes.
  static boolean know(String endpoint) {
    return endpoint.startsWith("GET ")
        || endpoint.startsWith("DELETE ")
        || endpoint.equals(SNAPSHOT)
        || JSON.containsKey(endpoint)
        || PLAIN.containsKey(endpoint)
        || WITHOUT_BODY.stream().anyMatch(endpoint::startsWith);
  }

  /// Documents that the endpoint takes; none if it takes no JSON.
  static List<String> json(String endpoint) {
    return JSON.getOrDefault(endpoint, List.of());
  }

  static Optional<String> plain(String endpoint) {
    return Optional.ofNullable(PLAIN.get(endpoint));
  }

  /// What comes behind a path that ends in `/`, of something that is there.
  static String rest(String path) {
    return switch (path) {
      case "/v1/kv/" -> "a/b";
      case "/v1/query/" -> QUERY;
      case "/v1/config/" -> "service-defaults/web";
      case "/v1/session/info/", "/v1/session/renew/", "/v1/session/destroy/" -> SESSION;
      case "/v1/session/node/",
          "/v1/health/node/",
          "/v1/catalog/node/",
          "/v1/catalog/node-services/",
          "/v1/coordinate/node/" ->
          "dev1";
      case "/v1/health/state/" -> "any";
      case "/v1/agent/service/",
          "/v1/agent/service/deregister/",
          "/v1/agent/service/maintenance/",
          "/v1/agent/health/service/id/" ->
          "web1";
      case "/v1/agent/check/deregister/",
          "/v1/agent/check/pass/",
          "/v1/agent/check/warn/",
          "/v1/agent/check/fail/",
          "/v1/agent/check/update/" ->
          "service:web1";
      default -> path.endsWith("/") && path.length() > 1 ? "web" : "";
    };
  }

  static String filled(String text, String session, String query) {
    return text.replace(SESSION, session).replace(QUERY, query);
  }

  private static List<String> transactions() {
    return List.of(
        """
        [{"KV":{"Verb":"set","Key":"t/1","Value":"aGVsbG8=","Flags":1,"Index":0,"Session":""}},
         {"KV":{"Verb":"get","Key":"a/b"}},{"KV":{"Verb":"get-tree","Key":"a"}},
         {"KV":{"Verb":"lock","Key":"t/2","Value":"eA==","Session":"{session}"}}]
        """,
        """
        [{"KV":{"Verb":"delete-tree","Key":"zz"}},{"KV":{"Verb":"check-not-exists","Key":"q"}}]
        """,
        """
        [{"Node":{"Verb":"set","Node":{"ID":"4c2d7a0f-7f1e-4c5c-9f3f-0d9a2b1c3d4e","Node":"n2",
          "Address":"10.1.1.1","Datacenter":"dc1","TaggedAddresses":{"lan":"10.1.1.1"},
          "Meta":{"a":"b"}}}},
         {"Service":{"Verb":"set","Node":"n2","Service":{"ID":"s1","Service":"s","Tags":["t"],
          "Port":80,"Address":"10.1.1.2","Meta":{"k":"v"},"Weights":{"Passing":1,"Warning":1},
          "TaggedAddresses":{"lan":{"Address":"10.1.1.2","Port":80}}}}},
         {"Check":{"Verb":"set","Check":{"Node":"n2","CheckID":"c1","Name":"c","Status":"passing",
          "ServiceID":"s1","Notes":"n","Output":"o","Definition":{"TCP":"h:1","Interval":"1h"}}}}]
        """,
        "[{\"Session\":{\"Verb\":\"delete\",\"Session\":{\"ID\":\"{session}\"}}}]");
  }

  private static List<String> sessions() {
    return List.of(
        """
        {"Name":"lock","Node":"dev1","LockDelay":"15s","Behavior":"delete","TTL":"30s",
         "Checks":["serfHealth"],"NodeChecks":[],"ServiceChecks":[]}
        """,
        "{\"LockDelay\":15,\"ServiceChecks\":[{\"ID\":\"service:web1\",\"Namespace\":\"\"}]}");
  }

  private static List<String> services() {
    return List.of(
        """
        {"ID":"web1","Name":"web","Tags":["a","b"],"Address":"10.0.0.1","Port":80,
         "Meta":{"version":"1"},"TaggedAddresses":{"lan":{"Address":"10.0.0.1","Port":80}},
         "Weights":{"Passing":10,"Warning":1},"EnableTagOverride":true,"Kind":"","Namespace":"",
         "Check":{"CheckID":"service:web1","Name":"alive","TTL":"1h","Notes":"n",
          "Status":"passing","DeregisterCriticalServiceAfter":"1h"}}
        """,
        """
        {"Name":"api","Checks":[{"HTTP":"http://127.0.0.1:1/","Method":"GET","Interval":"1000h",
         "Timeout":"1s","Header":{"X":["1"]},"Body":"b","TLSSkipVerify":true,"TLSServerName":"x",
         "DisableRedirects":true,"OutputMaxSize":100,"SuccessBeforePassing":1,
         "FailuresBeforeCritical":2,"FailuresBeforeWarning":1},
         {"TCP":"127.0.0.1:1","Interval":"1000h","TCPUseTLS":false}]}
        """);
  }

  private static List<String> checks() {
    return List.of(
        """
        {"ID":"c1","Name":"alive","Notes":"n","ServiceID":"web1","Status":"warning","TTL":"1h"}
        """,
        "{\"Name\":\"u\",\"UDP\":\"127.0.0.1:1\",\"Interval\":\"1000h\",\"Timeout\":\"1s\"}",
        "{\"Name\":\"g\",\"GRPC\":\"127.0.0.1:1/s\",\"GRPCUseTLS\":true,\"Interval\":\"1000h\"}",
        "{\"Name\":\"h\",\"H2PING\":\"127.0.0.1:1\",\"H2PingUseTLS\":false,\"Interval\":\"1000h\"}",
        "{\"Name\":\"o\",\"OSService\":\"nginx\",\"Interval\":\"1000h\"}",
        "{\"Name\":\"s\",\"Args\":[\"true\"],\"Interval\":\"1000h\"}",
        "{\"Name\":\"l\",\"AliasNode\":\"dev1\",\"AliasService\":\"web1\"}");
  }

  private static List<String> registrations() {
    return List.of(
        """
        {"Datacenter":"dc1","ID":"5c2d7a0f-7f1e-4c5c-9f3f-0d9a2b1c3d4e","Node":"ext",
         "Address":"10.9.9.9","TaggedAddresses":{"lan":"10.9.9.9","wan":"10.9.9.9"},
         "NodeMeta":{"external-node":"true"},"SkipNodeUpdate":false,
         "Service":{"ID":"db1","Service":"db","Tags":["primary"],"Address":"10.9.9.9","Port":5432,
          "Meta":{"m":"v"},"Weights":{"Passing":1,"Warning":1},"EnableTagOverride":false},
         "Check":{"Node":"ext","CheckID":"db-up","Name":"up","Notes":"n","Status":"passing",
          "ServiceID":"db1","ServiceName":"db","Output":"o",
          "Definition":{"HTTP":"http://x/","Interval":"30s","Timeout":"1s"}}}
        """,
        """
        {"Node":"ext2","Address":"10.9.9.8","Checks":[{"Name":"up","Status":"critical"}]}
        """);
  }

  private static List<String> queries() {
    return List.of(
        """
        {"Name":"other","Session":"","Token":"","Service":{"Service":"web",
         "Failover":{"NearestN":2,"Datacenters":["dc2"]},"OnlyPassing":true,"IgnoreCheckIDs":["x"],
         "Near":"_agent","Tags":["a","!b"],"NodeMeta":{"k":"v"},"ServiceMeta":{"k":"v"},
         "Connect":false},"DNS":{"TTL":"10s"}}
        """,
        """
        {"Name":"geo","Template":{"Type":"name_prefix_match","Regexp":"^geo-(.*?)$",
         "RemoveEmptyTags":true},"Service":{"Service":"${match(1)}","Tags":["${match(1)}"],
         "Failover":{"Targets":[{"Datacenter":"dc2","Peer":""}]}}}
        """);
  }

  private static List<String> entries() {
    return List.of(
        """
        {"Kind":"proxy-defaults","Name":"global","Config":{"protocol":"http","a":[1,{"b":1.5}]},
         "Meta":{"m":"v"},"MeshGateway":{"Mode":"local"},"Expose":{"Checks":true}}
        """,
        """
        {"Kind":"service-resolver","Name":"web","ConnectTimeout":"1500ms","DefaultSubset":"v1",
         "Subsets":{"v1":{"OnlyPassing":true},"v2":{"Filter":"Service.Meta.v == 2"}},
         "Failover":{"*":{"Targets":[{"Datacenter":"dc2"}]}},
         "LoadBalancer":{"Policy":"ring_hash","RingHashConfig":{"MinimumRingSize":5},
          "HashPolicies":[{"Field":"cookie","FieldValue":"s","CookieConfig":{"TTL":"1m"}}]}}
        """,
        """
        {"Kind":"service-router","Name":"web","Routes":[{"Match":{"HTTP":{"PathPrefix":"/v2",
         "Header":[{"Name":"x","Exact":"1"}],"QueryParam":[{"Name":"q","Present":true}],
         "Methods":["GET"]}},"Destination":{"Service":"web","PrefixRewrite":"/",
         "RequestTimeout":2000000000,"NumRetries":3,"RetryOnStatusCodes":[503],
         "RequestHeaders":{"Set":{"a":"b"}}}}]}
        """,
        """
        {"Kind":"service-splitter","Name":"web","Splits":[{"Weight":99.5,"Service":"web"},
         {"Weight":0.5,"Service":"api"}]}
        """,
        """
        {"Kind":"ingress-gateway","Name":"edge","Listeners":[{"Port":80,"Protocol":"http",
         "Services":[{"Name":"web","Hosts":["a.example"]}]}],"TLS":{"Enabled":true}}
        """,
        """
        {"Kind":"service-defaults","Name":"db","Protocol":"tcp","MaxInboundConnections":7,
         "UpstreamConfig":{"Overrides":[{"Name":"x","Limits":{"MaxConnections":1}}]}}
        """);
  }
}
