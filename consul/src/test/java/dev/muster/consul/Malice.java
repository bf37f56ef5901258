package dev.muster.consul;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Makes requests that are wrong in one or two ways out of those that are right.
final class Malice {
  /// A request as it goes to the socket.
  ///
  /// @param isLast whether the client says that nothing more comes
  /// @param mayGoUnanswered whether what is wrong leaves nobody to answer
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Spoilt(String method, byte[] bytes, boolean isLast, boolean mayGoUnanswered) {
    /// What a person needs to see of it.
    @Override
    public String toString() {
      String text = new String(bytes, StandardCharsets.UTF_8);
      return text.length() > 4_000
          ? text.substring(0, 4_000) + "… (%d bytes)".formatted(bytes.length)
          : text;
    }
  }

  private static final int TOO_LARGE_BYTES = 600 * 1024;

  private static final List<String> NAMES =
      List.of(
          "",
          ".",
          "..",
          "../..",
          "%2e%2e",
          "a%2Fb",
          "a//b",
          "/",
          "//",
          "%00",
          "a%00b",
          "%0a",
          "%0D%0Ax:%20y",
          "%7f",
          "%1b[31m",
          "é",
          "%c3%a9",
          "%ff",
          "%",
          "%4",
          "%zz",
          "%+1",
          "%e2%80%ae",
          "%ED%A0%80",
          "a b",
          "\t",
          "x".repeat(600),
          "ж".repeat(600),
          "%F0%9F%92%A9",
          "*",
          "'",
          "%22",
          "<b>",
          "{id}",
          "%25s%25n",
          "%24{x}",
          "consul",
          "serfHealth",
          "dev1",
          "DEV1",
          "nope",
          "web",
          "web1",
          "service:web1",
          "11111111-2222-3333-4444-555555555555",
          "11111111-2222-3333-4444-55555555555z",
          "{session}",
          "{query}",
          "q/execute",
          "nope/execute",
          "/execute",
          "execute",
          "x/explain",
          "{query}/execute",
          "geo-x/execute",
          "service-defaults",
          "service-defaults/",
          "service-defaults/nope",
          "bogus/x",
          "mesh/x",
          "proxy-defaults/global",
          "web/x/y",
          "any",
          "passing",
          "127.0.0.1",
          "[::1]:1",
          "1:2:3");

  private static final List<String> PARAMETERS =
      List.of(
          "dc",
          "cas",
          "flags",
          "acquire",
          "release",
          "recurse",
          "keys",
          "raw",
          "separator",
          "stale",
          "consistent",
          "cached",
          "pretty",
          "filter",
          "near",
          "node-meta",
          "tag",
          "passing",
          "ns",
          "partition",
          "limit",
          "connect",
          "enable",
          "reason",
          "note",
          "replace-existing-checks",
          "hash",
          "format",
          "name",
          "node",
          "service",
          "segment",
          "wan",
          "loglevel",
          "logjson",
          "address",
          "id",
          "token",
          "force",
          "prune",
          "status",
          "kind",
          "peer",
          "type",
          "nope",
          "",
          "merge-central-config",
          "local-only");

  private static final List<String> VALUES =
      List.of(
          "",
          "-1",
          "0",
          "1",
          "1",
          "true",
          "false",
          "maybe",
          "1.5",
          "1e9",
          "abc",
          "%2B5",
          "0x10",
          "18446744073709551615",
          "18446744073709551616",
          "9223372036854775808",
          "99999999999999999999999999",
          "NaN",
          "%D9%A3",
          "%00",
          "%0a",
          "a%00b",
          "%zz",
          "%",
          "%ff",
          "%ED%A0%80",
          "a==b",
          "=",
          "a+b",
          "x".repeat(600),
          "%F0%9F%92%A9",
          "default",
          "dc1",
          "nope",
          "DEV1",
          "_agent",
          "_ip",
          "dev1",
          "a:b",
          ":",
          "trace",
          "*",
          "[",
          "%28%28%28",
          "a%7B1,100000%7D",
          "%28%3Fi",
          "%5C",
          "prometheus",
          "{session}",
          "{query}",
          "11111111-2222-3333-4444-555555555555",
          "Name%20==%20%22x%22",
          "Name%20==",
          "Nope%20is%20empty",
          "ID%20matches%20%22%5B%22",
          "not%20".repeat(60) + "x",
          "%28".repeat(300),
          "Checks%20contains%201",
          "Node%20==%20%22a%5Cu0000%22",
          "Service.Port%20==%2099999999999999999999",
          "ServiceMeta.a%20==%20%60x%60",
          "%22%22%20in%20Tags",
          "any%20Checks%20as%20c%20%7B%7D");

  private static final List<String> WAITS =
      List.of("", "-1s", "0", "10", "1e9s", "1e9", "99999999999999999999h", "abc", "%00", "1ms");

  private static final List<String> INDEXES =
      List.of(
          "",
          "-1",
          "0",
          "1",
          "7",
          "abc",
          "1.5",
          "1e3",
          "%2B1",
          "18446744073709551615",
          "18446744073709551616",
          "9223372036854775808",
          "%00");

  private static final List<String> HEADERS =
      List.of(
          "X-Consul-Token: " + "t".repeat(5_000),
          "X-Consul-Token:",
          "X-Consul-Token: \u0001",
          "X-Consul-Token: \"é💩",
          "Authorization: Bearer",
          "Authorization: Basic %%%",
          "Cache-Control: max-age",
          "Cache-Control: max-age=-1",
          "Cache-Control: max-age=1e9",
          "Cache-Control: max-age=99999999999999",
          "Cache-Control: ,,,==,must-revalidate",
          "Cache-Control: stale-if-error=x",
          "X-Consul-Namespace: team",
          "X-Forwarded-For: ,,,",
          "X-Forwarded-For: " + "1.2.3.4,".repeat(500),
          "X-Forwarded-For: \"",
          "Accept: */;;q=x",
          "Accept-Encoding: gzip;q=zzz",
          "Accept-Encoding: nope, *;q=0",
          "Content-Type: x/\u0000",
          "Content-Encoding: gzip",
          "Expect: 200-ok",
          "Expect: 100-continue",
          "Range: bytes=9-1",
          "If-None-Match: *",
          "Upgrade: websocket",
          "Host: a\r\nHost: b",
          "Bad Header: x",
          ": empty",
          "NoColon",
          "X: " + "y".repeat(20_000),
          "X: y\r\n folded: x",
          "Connection: nope",
          "Transfer-Encoding: gzip",
          "Transfer-Encoding: chunked, identity",
          "TE: trailers");

  private static final List<String> METHODS =
      List.of(
          "GET",
          "PUT",
          "POST",
          "DELETE",
          "PATCH",
          "HEAD",
          "OPTIONS",
          "TRACE",
          "CONNECT",
          "get",
          "BREW",
          "PROPFIND",
          "M-SEARCH",
          "G@T",
          "",
          "X".repeat(9_000));

  private static final List<String> BODIES =
      List.of(
          "",
          " ",
          "null",
          "true",
          "0",
          "\"x\"",
          "{}",
          "[]",
          "[{}]",
          "[null]",
          "{",
          "[",
          "{]",
          "{\"a\"",
          "{\"\":1}",
          "{\"Nope\":1}",
          "{'a':1}",
          "{a:1}",
          "nul",
          "NaN",
          "// c\n{}",
          "\u0000",
          "\uFEFF{}",
          "{}{}",
          "{} x",
          "-",
          "1e999",
          "9".repeat(5_000),
          "\"\\ud800\"",
          "\"\\u00",
          "[".repeat(10_000),
          "{\"a\":".repeat(10_000),
          "[".repeat(450) + "]".repeat(450),
          "<xml/>",
          "a=b&c=d",
          "{\"a\":1,\"a\":2}");

  private final Random random;
  private final String session;
  private final String query;

  /// @param session the id of one that there is
  /// @param query the id of one that there is
  Malice(Random random, String session, String query) {
    this.random = random;
    this.session = session;
    this.query = query;
  }

  /// A request to an endpoint that ought to be refused, or at least not to do any harm.
  ///
  /// @param snapshot a saved state
  Spoilt request(String method, String path, byte[] snapshot) {
    String endpoint = method + " " + path;
    String rest = Examples.rest(path);
    byte[] body = example(endpoint, snapshot);
    return switch (random.nextInt(endpoint.equals("PUT /v1/kv/") || body.length > 0 ? 24 : 12)) {
      case 0, 1, 2 -> whole(method, path + pick(NAMES), query(0.2), body);
      case 3, 4, 5 -> whole(method, path + rest, query(1), body);
      case 6 ->
          whole(method, path + rest + pick(List.of("/", "//", "/x", "?", "#x", " ")), "", body);
      case 7 -> whole(method, pick(List.of("/", "//", "/./", "%2f", "")) + path + rest, "", body);
      case 8 ->
          whole(pick(METHODS), path + rest, query(0.2), random.nextBoolean() ? body : bytes("x"));
      case 9 -> headed(method, path + rest, pick(HEADERS), body);
      case 10 -> framed(method, path + rest, body);
      case 11 ->
          random.nextInt(8) == 0
              ? whole(method, path + rest, "", bytes("x".repeat(TOO_LARGE_BYTES)))
              : whole(method, path + rest, query(0.2), bytes(pick(BODIES)));
      default -> whole(method, path + rest, query(0.1), spoilt(endpoint, body));
    };
  }

  private byte[] example(String endpoint, byte[] snapshot) {
    if (endpoint.equals(Examples.SNAPSHOT)) {
      return snapshot;
    }
    List<String> json = Examples.json(endpoint);
    String text = json.isEmpty() ? Examples.plain(endpoint).orElse("") : pick(json);
    return bytes(Examples.filled(text, session, query));
  }

  private byte[] spoilt(String endpoint, byte[] body) {
    boolean isJson = !Examples.json(endpoint).isEmpty();
    if (isJson && random.nextInt(8) > 0) {
      return bytes(new SpoiltJson(random).of(new String(body, StandardCharsets.UTF_8)));
    }
    byte[] spoilt = body.clone();
    for (int flips = random.nextInt(3); flips >= 0; flips--) {
      if (spoilt.length > 0) {
        spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
      }
    }
    return random.nextBoolean() ? spoilt : Arrays.copyOf(spoilt, random.nextInt(body.length + 1));
  }

  /// @param chance that there are parameters
  private String query(double chance) {
    if (random.nextDouble() >= chance) {
      return "";
    }
    List<String> parameters = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      // Only a wait that is short may go with an index.
      boolean isShort = random.nextBoolean();
      parameters.add("wait=" + (isShort ? "1ms" : pick(WAITS)));
      if (isShort) {
        parameters.add("index=" + pick(INDEXES));
      }
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      String name = pick(PARAMETERS);
      parameters.add(random.nextInt(6) == 0 ? name : name + "=" + pick(VALUES));
      if (random.nextInt(8) == 0) {
        parameters.add(name + "=" + pick(VALUES));
      }
    }
    return "?" + String.join(random.nextInt(12) == 0 ? "&&" : "&", parameters);
  }

  private Spoilt whole(String method, String path, String query, byte[] body) {
    String length = body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n";
    return new Spoilt(
        method, joined(head(method, path + query) + length + "\r\n", body), false, false);
  }

  private Spoilt headed(String method, String path, String header, byte[] body) {
    String length = "Content-Length: " + body.length + "\r\n";
    return new Spoilt(
        method,
        joined(head(method, path) + header + "\r\n" + length + "\r\n", body),
        header.startsWith("Transfer-Encoding"),
        true);
  }

  /// Says something wrong about where the body ends.
  private Spoilt framed(String method, String path, byte[] body) {
    String wrong =
        pick(
            List.of(
                "Content-Length: -1\r\n\r\n",
                "Content-Length: x\r\n\r\n",
                "Content-Length: 18446744073709551616\r\n\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "Content-Length: " + (body.length + 10) + "\r\n\r\n",
                "Content-Length: 9999999999\r\n\r\n",
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
                "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
                "Transfer-Encoding: chunked\r\n\r\n1\r\naXX\r\n0\r\n\r\n",
                ""));
    return new Spoilt(method, joined(head(method, path) + wrong, body), true, true);
  }

  private String head(String method, String target) {
    return "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        .formatted(method, Examples.filled(target, session, query));
  }

  private static byte[] joined(String head, byte[] body) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(bytes(head));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
