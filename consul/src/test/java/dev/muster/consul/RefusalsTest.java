package dev.muster.consul;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.View;
import dev.muster.registry.tree.WatchSet;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What makes no sense is refused with a status, a sentence that helps, and nothing stored.
class RefusalsTest {
  private static Consul consul;

  @BeforeAll
  static void start() throws IOException {
    consul = new Consul();
    consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Check\":{\"TTL\":\"60s\"}}");
  }

  @AfterAll
  static void close() {
    consul.close();
  }

  private static void assertRefused(
      Consul.Answer answer, List<Long> before, int status, String text) {
    assertThat(answer.body()).contains(text);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(indexes()).as("as nothing was stored").isEqualTo(before);
  }

  /// When each table last changed.
  private static List<Long> indexes() {
    View view = consul.registry.view();
    return List.of(
        view.catalog().nodes(new WatchSet()).index(),
        view.catalog().serviceNames(new WatchSet()).index(),
        view.catalog().checksIn(null, new WatchSet()).index(),
        view.keys().under("", new WatchSet()).index(),
        view.sessions().all(new WatchSet()).index());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"Name\":\"x\",\"Nope\":1}|json: unknown field \"Nope\"",
        "{\"Name\":\"x\",\"Check\":{\"TTL\":\"1s\",\"Nope\":1}}|json: unknown field \"Nope\"",
        "{\"Name\":\"x\"|unexpected EOF",
        "{\"Name\":\"x\",\"Meta\":{\"a\":\"\\ud800\"}}|field \"Meta.a\": half of a character (a"
            + " lone surrogate) at position 1",
        "{\"Name\":\"x\",\"Port\":1e999}|field \"Port\": the number is out of range",
        "{\"Name\":\"x\"} trailing|Request decode failed",
        "[]|expected a JSON object, found array []",
        "null|expected a JSON object",
        "\"x\"|expected a JSON object",
        "{}|Missing service name",
        "{\"Name\":7}|field \"Name\": expected a string, found number 7",
        "{\"Name\":\"x\",\"Port\":\"80\"}|field \"Port\": expected a whole number, found string",
        "{\"Name\":\"x\",\"Port\":8.5}|field \"Port\": expected a whole number",
        "{\"Name\":\"x\",\"Port\":65536}|Invalid service port: 65536 is not between 0 and 65535",
        "{\"Name\":\"x\",\"Port\":-1}|Invalid service port: -1",
        "{\"Name\":\"x\",\"Tags\":\"a\"}|field \"Tags\": expected an array of strings",
        "{\"Name\":\"x\",\"Tags\":[1]}|field \"Tags\": expected a string, found number 1",
        "{\"Name\":\"x\",\"EnableTagOverride\":\"yes\"}|expected true or false",
        "{\"Name\":\"a\\nb\"}|Invalid service name: control character at position 2",
        "{\"Name\":\"a\\u0000b\"}|Invalid service name: control character at position 2",
        "{\"Name\":\"x\",\"ID\":\"a\\u0000b\"}|Invalid service ID: control character",
        "{\"Name\":\"x\",\"Address\":\"a\\tb\"}|Invalid service address: control character",
        "{\"Name\":\"x\",\"Address\":\"::\"}|Invalid service address",
        "{\"Name\":\"x\",\"Meta\":{\"a b\":\"c\"}}|Invalid Service Meta: key \"a b\"",
        "{\"Name\":\"x\",\"TaggedAddresses\":{\"lan\":{\"Port\":70000}}}|Invalid service port:"
            + " 70000",
        "{\"Name\":\"x\",\"Weights\":{\"Passing\":0,\"Warning\":1}}|Passing must be greater than 0",
        "{\"Name\":\"x\",\"Proxy\":{\"DestinationServiceName\":\"y\"}}|Proxy is not supported",
        "{\"Name\":\"x\",\"Connect\":{\"Native\":true}}|Connect is not supported",
        "{\"Name\":\"x\",\"Namespace\":\"team\"}|Namespace \"team\"",
        "{\"Name\":\"x\",\"Partition\":\"team\"}|Partition \"team\"",
        "{\"Name\":\"x\",\"Check\":{\"Name\":\"y\"}}|TTL must be > 0 for TTL checks",
        "{\"Name\":\"x\",\"Check\":{\"TTL\":\"-5s\"}}|TTL must be > 0 for TTL checks",
        "{\"Name\":\"x\",\"Check\":{\"TTL\":\"5\"}}|invalid duration \"5\"",
        "{\"Name\":\"x\",\"Check\":{\"TTL\":\"5 s\"}}|invalid duration \"5 s\"",
        "{\"Name\":\"x\",\"Check\":{\"TTL\":\"99999999999h\"}}|invalid duration",
        "{\"Name\":\"x\",\"Check\":{\"TTL\":true}}|field \"TTL\": expected a string",
        "{\"Name\":\"x\",\"Check\":{\"GRPC\":\"h/s\",\"Interval\":\"1s\"}}|GRPC \"h\" is not"
            + " host:port",
        "{\"Name\":\"x\",\"Check\":{\"UDP\":\"h\",\"Interval\":\"1s\"}}|UDP \"h\" is not host:port",
        "{\"Name\":\"x\",\"Check\":{\"H2PING\":\"h:1\"}}|Interval must be > 0 for Script, HTTP, or"
            + " TCP checks",
        "{\"Name\":\"x\",\"Check\":{\"OSService\":\"y\"}}|Interval must be > 0",
        "{\"Name\":\"x\",\"Check\":{\"DockerContainerID\":\"y\",\"Args\":[\"z\"],\"Interval\":\"1s\"}}|Docker"
            + " checks are not run",
        "{\"Name\":\"x\",\"Check\":{\"Script\":\"y\",\"Interval\":\"1s\"}}|use Args",
        "{\"Name\":\"x\",\"Check\":{\"TTL\":\"1s\",\"Interval\":\"1s\"}}|Interval and TTL cannot"
            + " both be specified",
        "{\"Name\":\"x\",\"Check\":{\"AliasNode\":\"n\",\"TTL\":\"1s\"}}|TTL must be not be set for"
            + " Alias checks",
        "{\"Name\":\"x\",\"Check\":{\"AliasService\":\"y\",\"Interval\":\"1s\"}}|Interval cannot be"
            + " set for Alias checks",
        "{\"Name\":\"x\",\"Check\":{\"TCP\":\"h:1\",\"UDP\":\"h:1\",\"Interval\":\"1s\"}}|TCP and"
            + " UDP are given; a check is of one kind",
        "{\"Name\":\"x\",\"Check\":{\"TCP\":\"h:1\",\"Interval\":\"1s\",\"OutputMaxSize\":-1}}|MaxOutputMaxSize"
            + " must be positive",
        "{\"Name\":\"x\",\"Check\":{\"TCP\":\"h:1\",\"Interval\":\"1s\",\"FailuresBeforeWarning\":3,\"FailuresBeforeCritical\":2}}|FailuresBeforeWarning"
            + " can't be higher than FailuresBeforeCritical",
        "{\"Name\":\"x\",\"Check\":{\"TCP\":\"h:1\",\"Interval\":\"1s\",\"SuccessBeforePassing\":-1}}|must"
            + " not be negative",
        "{\"Name\":\"x\",\"Check\":{\"HTTP\":\"http://h\",\"Interval\":\"1s\",\"Method\":\"A"
            + " B\"}}|Method \"A B\" is not a token",
        "{\"Name\":\"x\",\"Check\":{\"TCP\":\"h:1\",\"Interval\":\"-1s\"}}|Interval must be > 0",
        "{\"Name\":\"x\",\"Check\":{\"TCP\":\"h\",\"Interval\":\"1s\"}}|TCP \"h\" is not host:port",
        "{\"Name\":\"x\",\"Check\":{\"TCP\":\"h:0\",\"Interval\":\"1s\"}}|TCP \"h:0\" is not"
            + " host:port",
        "{\"Name\":\"x\",\"Check\":{\"HTTP\":\"x\",\"Interval\":\"1s\"}}|HTTP \"x\" is not a URL",
        "{\"Name\":\"x\",\"Check\":{\"HTTP\":\"ftp://x\",\"Interval\":\"1s\"}}|is not a URL such"
            + " as",
        "{\"Name\":\"x\",\"Check\":{\"HTTP\":\"http://a b\",\"Interval\":\"1s\"}}|Invalid check:"
            + " HTTP",
        "{\"Name\":\"x\",\"Check\":{\"TTL\":\"1s\",\"TCP\":\"h:1\"}}|cannot both be specified",
        "{\"Name\":\"x\",\"Check\":{\"TTL\":\"1s\",\"CheckID\":\"a\\u0001\"}}|Invalid check ID",
        "{\"Name\":\"x\",\"Checks\":{\"TTL\":\"1s\"}}|expected an array of objects"
      })
  void servicesOfAnAgent(String body, String text) {
    List<Long> before = indexes();
    assertRefused(consul.put("/v1/agent/service/register", body), before, 400, text);
    assertThat(consul.get("/v1/agent/services").json().propertyNames()).containsExactly("web");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "PUT|/v1/catalog/register|{\"Node\":\"a\\u0000b\",\"Address\":\"x\"}|400|Invalid node name",
        "PUT|/v1/catalog/register|{\"Address\":\"x\"}|500|Must provide node",
        "PUT|/v1/catalog/register|{\"Node\":\"n\",\"Address\":\"x\",\"Check\":{\"Name\":\"a\\u0000\"}}|400|Invalid"
            + " check name",
        "PUT|/v1/catalog/register|{\"Node\":\"n\",\"Address\":\"x\",\"Check\":{\"CheckID\":\"c\",\"Node\":\"m\"}}|500|does"
            + " not match node",
        "PUT|/v1/catalog/register|{\"Node\":\"n\",\"Address\":\"x\",\"Check\":{\"CheckID\":\"c\",\"ServiceID\":\"no\"}}|500|Missing"
            + " service registration",
        "PUT|/v1/catalog/register|{\"Node\":\"n\",\"Address\":\"x\",\"Check\":{\"CheckID\":\"c\",\"Status\":\"meh\"}}|400|Invalid"
            + " check status: 'meh'",
        "PUT|/v1/catalog/register|{\"Node\":\"n\",\"Address\":\"x\",\"Service\":{\"Port\":1}}|500|Must"
            + " provide service name",
        "PUT|/v1/catalog/deregister|{\"Node\":\"DEV1\"}|400|Node \"DEV1\" is this server",
        "PUT|/v1/catalog/deregister|{\"Node\":\"n\",\"Namespace\":\"x\"}|400|Namespace \"x\"",
        "PUT|/v1/agent/service/deregister/consul||404|Unknown service ID \"consul\"",
        "GET|/v1/agent/service/consul||404|unknown service ID: consul",
        "PUT|/v1/agent/check/deregister/serfHealth||404|Unknown check ID \"serfHealth\"",
        "PUT|/v1/agent/check/register|{\"Name\":\"a\\u0007\",\"TTL\":\"1s\"}|400|Invalid check"
            + " name",
        "PUT|/v1/agent/check/register|{\"ID\":\"c\",\"TTL\":\"1s\"}|400|Missing check name",
        "PUT|/v1/agent/check/register|{\"Name\":\"c\",\"Args\":[\"ls\"],\"Interval\":\"1s\"}|500|Scripts"
            + " are disabled on this agent from remote calls; to enable, configure"
            + " 'enable_script_checks' to true",
        "PUT|/v1/agent/service/register|{\"Name\":\"c\",\"Check\":{\"ScriptArgs\":[\"ls\"],\"Interval\":\"1s\"}}|500|Scripts"
            + " are disabled on this agent from remote calls",
        "PUT|/v1/agent/check/update/service:web|{}|400|Invalid check status: ''",
        "PUT|/v1/agent/check/update/service:web|{\"Status\":\"passing\",\"X\":1}|400|unknown field"
            + " \"X\"",
        "PUT|/v1/agent/check/update/service:web||400|Request decode failed: EOF",
        "PUT|/v1/agent/service/maintenance/web?enable=maybe||400|Invalid value for enable",
        "PUT|/v1/agent/service/maintenance/?enable=true||400|Missing service ID",
        "PUT|/v1/kv/a%00b|x|400|Invalid URL path: control character at position 9",
        "GET|/v1/kv/a%0Ab||400|Invalid URL path",
        "PUT|/v1/agent/service/deregister/a%00b||400|Invalid URL path",
        "GET|/v1/kv/%FF||400|is not UTF-8",
        "GET|/v1/kv/a?index=-1||400|Invalid index",
        "GET|/v1/kv/a?wait=10||400|Invalid wait time",
        "GET|/v1/kv/a?partition=x||400|\"partition\"",
        "PUT|/v1/kv/a?flags=-1|x|500|strconv.ParseUint: parsing \"-1\": invalid syntax",
        "PUT|/v1/kv/a?flags=18446744073709551616|x|500|strconv.ParseUint",
        "PUT|/v1/kv/|x|400|Missing key name",
        "DELETE|/v1/kv/||400|Missing key name",
        "PUT|/v1/kv/a?acquire=x&release=y|x|400|Conflicting flags: acquire=x&release=y",
        "GET|/v1/health/service/||400|Missing service name",
        "GET|/v1/health/state/||400|Missing check state",
        "GET|/v1/health/node/||400|Missing node name",
        "GET|/v1/health/checks/||400|Missing service name",
        "GET|/v1/agent/checks?filter=Name=x||400|Failed to create boolean expression evaluator: 1:5"
            + " (4)",
        "GET|/v1/health/state/any?filter=x&index=1||400|Failed to create boolean expression"
            + " evaluator: 1:2",
        "GET|/v1/agent/metrics?format=x||400|Unknown format of metrics",
        "GET|/v1/agent/monitor?loglevel=loud||400|Unknown log level: loud",
        "GET|/v1/agent/members?segment=x||400|Network segments are",
        "GET|/v1/agent/health/service/id/||400|Missing serviceID",
        "GET|/v1/agent/health/service/name/||400|Missing service Name",
        "PUT|/v1/agent/join/||400|Missing address",
        "PUT|/v1/agent/leave||500|This server cannot be stopped by a request",
        "PUT|/v1/agent/check/register|{\"Name\":\"SerfHealth\",\"TTL\":\"1s\"}|400|Check ID"
            + " \"SerfHealth\" on node \"dev1\" is this server's own",
        "PUT|/v1/agent/service/register|{\"Name\":\"consul\"}|400|Service ID \"consul\" on node",
        "PUT|/v1/agent/service/register|{\"Name\":\"x\",\"Check\":{\"CheckID\":\"serfHealth\",\"TTL\":\"1s\"}}|400|Check"
            + " ID \"serfHealth\" on node",
        "PUT|/v1/catalog/register|{\"Node\":\"dev1\",\"Address\":\"10.0.0.1\",\"Check\":{\"CheckID\":\"serfHealth\"}}|400|Check"
            + " ID \"serfHealth\" on node",
        "PUT|/v1/catalog/deregister|{\"Node\":\"dev1\",\"ServiceID\":\"consul\"}|400|Service ID"
            + " \"consul\" on node",
        "PUT|/v1/catalog/register|{\"Node\":\"x\",\"ID\":\"11374252-3e77-a4e3-cac4-2f7145b548e9\",\"Address\":\"10.0.0.1\"}|400|is"
            + " that of node \"dev1\"",
        "PUT|/v1/agent/service/register|{\"Name\":\"x\",\"Tags\":[\"a\",\"b\\u0000\"]}|400|Invalid"
            + " service tag: control character at position 2",
        "PUT|/v1/agent/service/register|{\"Name\":\"x\",\"Kind\":\"a\\n"
            + "\"}|400|Invalid service kind",
        "PUT|/v1/agent/check/register|{\"Name\":\"a\\n"
            + "\",\"ID\":\"x\",\"TTL\":\"1s\"}|400|Invalid check name",
        "PUT|/v1/agent/check/register|{\"Name\":\"a\",\"AliasNode\":\"\\u0007\"}|400|Invalid alias"
            + " node",
        "PUT|/v1/catalog/register|{\"Node\":\"x\",\"Address\":\"a\",\"NodeMeta\":{\"a"
            + " b\":\"c\"}}|400|Invalid Node Meta: key \"a b\"",
        "PUT|/v1/catalog/register|{\"Node\":\"x\",\"Address\":\"a\",\"TaggedAddresses\":{\"lan\":\"\\n"
            + "\"}}|400|Invalid tagged address: control",
        "PUT|/v1/catalog/register|{\"Node\":\"x\",\"Address\":\"a\",\"Check\":{\"Name\":\"c\",\"ServiceID\":\"\\n"
            + "\"}}|400|Invalid service ID: control",
        "PUT|/v1/acl/tokens||405|method PUT not allowed",
        "GET|/v1/acl/nope||404|Invalid URL path",
        "GET|/v1/agent/connect/ca/roots||500|Connect must be enabled",
        "PATCH|/v1/kv/a|x|405|method PATCH not allowed",
        "PUT|/v1/session/create|{\"TTL\":\"9s\"}|500|Invalid Session TTL '9000000000', must be"
            + " between [10s=24h0m0s]",
        "PUT|/v1/session/create|{\"TTL\":\"25h\"}|500|Invalid Session TTL '90000000000000'",
        "PUT|/v1/session/create|{\"TTL\":\"-10s\"}|500|Invalid Session TTL",
        "PUT|/v1/session/create|{\"TTL\":\"10z\"}|500|Session TTL '10z' invalid: time: ",
        "PUT|/v1/session/create|{\"TTL\":10}|400|field \"TTL\": expected a string",
        "PUT|/v1/session/create|{\"LockDelay\":\"-90s\"}|400|Invalid LockDelay -90000",
        "PUT|/v1/session/create|{\"LockDelay\":\"soon\"}|400|invalid duration \"soon\"",
        "PUT|/v1/session/create|{\"Nope\":1}|400|json: unknown field \"Nope\"",
        "PUT|/v1/session/create|{\"Checks\":\"a\"}|400|expected an array of strings",
        "PUT|/v1/session/create|{\"ServiceChecks\":[\"a\"]}|400|expected a JSON object",
        "PUT|/v1/session/create|{\"Name\":\"a\\u0000\"}|400|Invalid session name: control",
        "PUT|/v1/session/create|{\"Checks\":[\"service:web\"]}|500|Check 'service:web' is in"
            + " critical state",
        "PUT|/v1/session/destroy/||400|Missing session",
        "PUT|/v1/session/renew/||400|Missing session",
        "PUT|/v1/session/renew/zz||500|UUID must be 36 characters",
        "PUT|/v1/session/destroy/11111111-2222-3333-4444-55555555555z||500|Invalid UUID",
        "GET|/v1/session/info/||400|Missing session",
        "GET|/v1/session/node/||400|Missing node name",
        "PUT|/v1/kv/a?acquire=|x|500|missing session",
        "PUT|/v1/kv/a?release=|x|500|missing session",
        "PUT|/v1/txn|{}|400|Failed to parse body: expected a JSON array",
        "PUT|/v1/txn||400|Failed to parse body: EOF",
        "PUT|/v1/txn|[1]|400|Failed to parse body: expected a JSON object",
        "PUT|/v1/txn|[{\"KV\":{\"Verb\":\"set\",\"Key\":\"a\",\"Value\":\"!!\"}}]|400|illegal"
            + " base64",
        "PUT|/v1/txn|[{\"KV\":{\"Verb\":\"set\",\"Key\":\"a\",\"Nope\":1}}]|400|unknown field",
        "PUT|/v1/txn|[{\"KV\":{\"Verb\":\"set\",\"Key\":\"a\",\"Flags\":-1}}]|400|of 64 bits",
        "PUT|/v1/txn|[{\"KV\":{\"Verb\":\"set\",\"Key\":\"a\\u0000\"}}]|400|Invalid key: control",
        "PUT|/v1/txn|[{\"Service\":{\"Verb\":\"set\",\"Node\":\"n\",\"Service\":{\"Service\":\"s\",\"Port\":\"x\"}}}]|400|Failed"
            + " to parse body",
        "POST|/v1/txn|[]|405|method POST not allowed",
        "GET|/v1/nope/list||404|not a recognized HTTP API endpoint",
        "GET|/kv/a||404|ensure the path starts with '/v1/'"
      })
  void everythingElse(String method, String path, String body, int status, String text) {
    List<Long> before = indexes();
    assertRefused(consul.send(method, path, body == null ? "" : body), before, status, text);
  }

  @Test
  void theServersOwnNodeCannotBeDeletedByItsId() {
    String operation =
        "[{\"Node\":{\"Verb\":\"delete\",\"Node\":{\"Node\":\"zzz\",\"ID\":\"%s\"}}}]"
            .formatted(Consul.SERVER.nodeId());
    Consul.Answer answer = consul.put("/v1/txn", operation);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).contains("is that of node").contains("not of node");
    assertThat(consul.registry.view().catalog().node("dev1")).isPresent();
  }

  @Test
  void theServersOwnEntriesAreLeftAloneByTransactions() {
    String own =
        "[{\"Check\":{\"Verb\":\"set\",\"Check\":{\"Node\":\"dev1\",\"CheckID\":\"serfHealth\"}}},"
            + "{\"Service\":{\"Verb\":\"delete\",\"Node\":\"dev1\",\"Service\":{\"ID\":\"consul\"}}}]";
    Consul.Answer answer = consul.put("/v1/txn", own);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().path("Errors")).hasSize(2);
    assertThat(answer.body()).contains("is this server's own entry");
    assertThat(consul.put("/v1/txn", own.replace("dev1", "other")).body())
        .doesNotContain("is this server's own entry");
  }

  @Test
  void whatIsLargerInTheLogThanTheLogTakesIsRefusedWithItsLimit() {
    List<Long> before = indexes();
    String checks =
        IntStream.range(0, 20_000)
            .mapToObj("{\"CheckID\":\"%d\"}"::formatted)
            .collect(joining(","));
    Consul.Answer answer =
        consul.put(
            "/v1/catalog/register",
            "{\"Node\":\"n\",\"Address\":\"10.0.0.1\",\"Checks\":[" + checks + "]}");
    assertRefused(answer, before, 413, "in the log, at most 1048576 fit: divide it");
  }

  @Test
  void aHugeValueIsRefusedInTheWordsThatClientsLookFor() {
    List<Long> before = indexes();
    Consul.Answer answer = consul.put("/v1/kv/big", "x".repeat(2 * 1024 * 1024));
    assertRefused(
        answer, before, 413, "Request body(2097152 bytes) too large, max size: 524288 bytes.");
    assertThat(consul.put("/v1/kv/big", "x".repeat(512 * 1024)).status()).isEqualTo(200);
    consul.delete("/v1/kv/big");
  }

  @Test
  void documentsThatAreTooDeepAreRefusedInASentence() {
    List<Long> before = indexes();
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    assertRefused(consul.put("/v1/txn", deep), before, 400, "Document nesting depth (101) exceeds");
  }

  @Test
  void anOptionIsNamedOnlyWhereThereIsOne() {
    String large = "x".repeat(600 * 1024);
    assertThat(consul.put("/v1/txn", large).body()).endsWith("#txn_max_req_len.");
    assertThat(consul.put("/v1/catalog/register", large).body())
        .isEqualTo("Request body(614400 bytes) too large, max size: 524288 bytes.");
  }
}
