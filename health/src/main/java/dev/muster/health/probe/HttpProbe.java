package dev.muster.health.probe;

import dev.muster.registry.catalog.Probe;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A request over HTTP/1.1, one connection for each. No proxy is asked, no cookie kept. Why not the
/// JDK's clients: one forbids `Host`, the other knows neither `PATCH` nor an end of its time.
final class HttpProbe {
  private static final int REDIRECTS_MAX = 10;
  private static final Set<Integer> AS_GET = Set.of(301, 302, 303);
  private static final Set<Integer> AS_BEFORE = Set.of(307, 308);
  private static final Set<String> FOR_ONE_HOST = Set.of("authorization", "cookie", "cookie2");
  private static final Set<String> HAVE_A_BODY = Set.of("POST", "PUT", "PATCH");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Dialer dialer;

  HttpProbe(Dialer dialer) {
    this.dialer = dialer;
  }

  /// A request to be sent.
  ///
  /// @param host what `Host` says; empty: the URL's
  private record Request(
      String method, HttpUrl url, String host, Map<String, List<String>> headers, String body) {}

  Result run(Probe.Http probe, Deadline deadline) {
    String method = probe.method().isEmpty() ? "GET" : probe.method();
    try {
      HttpAnswer answer = follow(first(probe, method), probe, deadline);
      String output =
          "HTTP %s %s: %s Output: %s"
              .formatted(method, probe.url(), answer.status(), answer.body());
      if (answer.code() >= 200 && answer.code() < 300) {
        return Result.passing(output);
      }
      return answer.code() == 429 ? Result.warning(output) : Result.critical(output);
    } catch (IOException | IllegalArgumentException e) {
      String verb = method.substring(0, 1) + method.substring(1).toLowerCase(Locale.ROOT);
      return Result.critical("%s \"%s\": %s".formatted(verb, probe.url(), Reasons.of(e, deadline)));
    }
  }

  private static Request first(Probe.Http probe, String method) {
    if (!TOKEN.matcher(method).matches()) {
      throw new IllegalArgumentException("invalid method \"" + method + "\"");
    }
    HttpUrl url = HttpUrl.of(probe.url());
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(probe.headers());
    List<String> hosts = headers.remove("Host");
    headers.remove("Content-Length"); // ours
    headers.remove("Transfer-Encoding");
    headers.putIfAbsent("User-Agent", List.of("Consul Health Check"));
    headers.putIfAbsent("Accept", List.of("text/plain, text/*, */*"));
    if (!url.userInfo().isEmpty()) {
      byte[] user = url.userInfo().getBytes(StandardCharsets.UTF_8);
      headers.putIfAbsent(
          "Authorization", List.of("Basic " + Base64.getEncoder().encodeToString(user)));
    }
    headers.forEach(HttpProbe::requireHeader);
    String host = hosts == null || hosts.isEmpty() ? "" : hosts.getFirst();
    requireHeader("Host", List.of(host));
    return new Request(method, url, host, headers, probe.body());
  }

  private static void requireHeader(String name, List<String> values) {
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException("net/http: invalid header field name \"" + name + "\"");
    }
    for (String value : values) {
      if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F)) {
        throw new IllegalArgumentException(
            "net/http: invalid header field value for \"" + name + "\"");
      }
    }
  }

  private HttpAnswer follow(Request first, Probe.Http probe, Deadline deadline) throws IOException {
    Request request = first;
    for (int redirects = 0; ; redirects++) {
      HttpAnswer answer = exchange(request, probe, deadline);
      String location = answer.headers().getOrDefault("Location", "");
      boolean leads = AS_GET.contains(answer.code()) || AS_BEFORE.contains(answer.code());
      if (!leads || location.isEmpty() || probe.disablesRedirects()) {
        return answer;
      }
      if (redirects == REDIRECTS_MAX) {
        throw new IOException("stopped after " + REDIRECTS_MAX + " redirects");
      }
      request = next(request, answer.code(), location);
    }
  }

  private static Request next(Request request, int code, String location) {
    HttpUrl url;
    boolean isRelative;
    try {
      URI to = new URI(location);
      isRelative = to.getRawAuthority() == null;
      url = HttpUrl.of(request.url().uri().resolve(to));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "failed to parse Location header \"%s\": %s".formatted(location, e.getReason()), e);
    }
    Map<String, List<String>> headers = new LinkedHashMap<>(request.headers());
    if (!url.peer().host().equalsIgnoreCase(request.url().peer().host())) {
      headers.keySet().removeIf(name -> FOR_ONE_HOST.contains(name.toLowerCase(Locale.ROOT)));
    }
    boolean keeps = AS_BEFORE.contains(code);
    boolean isHead = request.method().equals("HEAD");
    return new Request(
        keeps || isHead ? request.method() : "GET",
        url,
        isRelative ? request.host() : "",
        headers,
        keeps ? request.body() : "");
  }

  private HttpAnswer exchange(Request request, Probe.Http probe, Deadline deadline)
      throws IOException {
    HttpUrl url = request.url();
    try (Socket plain = dialer.connect(url.peer(), deadline)) {
      var tls = new Probe.Tls(true, probe.skipsTlsVerification(), probe.tlsServerName());
      try (Socket socket =
          url.isSecure()
              ? dialer.secure(plain, url.peer(), tls, List.of("http/1.1"), deadline)
              : plain) {
        socket.getOutputStream().write(bytes(request));
        socket.getOutputStream().flush();
        var in = new BufferedInputStream(socket.getInputStream());
        return HttpAnswer.read(in, request.method(), Prober.outputBytes(probe.outputBytesMax()));
      }
    }
  }

  private static byte[] bytes(Request request) {
    var head = new StringBuilder();
    head.append("%s %s HTTP/1.1\r\n".formatted(request.method(), request.url().target()));
    String host = request.host().isEmpty() ? request.url().host() : request.host();
    head.append("Host: ").append(host).append("\r\nConnection: close\r\n");
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("Connection")) {
                values.forEach(
                    value -> head.append(name).append(": ").append(value).append("\r\n"));
              }
            });
    byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
    if (body.length > 0 || HAVE_A_BODY.contains(request.method())) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }
}
