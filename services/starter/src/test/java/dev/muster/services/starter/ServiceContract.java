package dev.muster.services.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.services.starter.RunningService.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What every service of documents promises its callers, over a real port. `WORD` stands for its
/// word, as in `/WORDs` and `WORD_id`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServiceContract {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LIMIT = 64 * 1024;

  private final Class<?> application;
  private final String word;
  private final String label;
  private final String route;
  private RunningService service;

  protected ServiceContract(Class<?> application, String word) {
    this.application = application;
    this.word = word;
    this.label = Character.toUpperCase(word.charAt(0)) + word.substring(1);
    this.route = "/" + word + "s";
  }

  /// The database to run on.
  protected abstract String databaseUrl();

  @BeforeAll
  void start() {
    service = RunningService.start(application, databaseUrl());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private String said(String text) {
    return text.replace("WORD", word);
  }

  private Answer post(String id, String info, String... headers) {
    return service.post(
        route, said("{\"WORD_id\":" + id + ",\"WORD_info\":" + info + "}"), headers);
  }

  private Answer put(String id, String info, String... headers) {
    return service.put(route + "/" + id, said("{\"WORD_info\":" + info + "}"), headers);
  }

  private Answer get(String id) {
    return service.get(route + "/" + id);
  }

  private void assertJson(Answer answer, int status, String body) {
    assertThat(answer.body()).isEqualTo(said(body));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.type()).isEqualTo("application/json");
  }

  private void assertUnknown(String id) {
    assertJson(get(id), 404, "{\"error\":\"" + label + " not found\"}");
  }

  private JsonNode assertProblem(Answer answer, int status, String path) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(problem.path("type").asString()).isEqualTo("about:blank");
    assertThat(problem.path("title").asString()).isNotBlank();
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("detail").asString()).isNotBlank();
    assertThat(problem.path("instance").asString()).isEqualTo(path);
    assertThat(problem.path("error").asString()).isEqualTo(problem.path("detail").asString());
    return problem;
  }

  @Test
  void storesAndAnswers() {
    assertJson(post("\"a1\"", "{\"name\":\"Ann\"}"), 201, "{\"WORD_id\":\"a1\"}");
    assertJson(get("a1"), 200, "{\"WORD_info\":{\"name\":\"Ann\"}}");
    assertJson(put("a1", "{\"name\":\"Bo\"}"), 200, "{\"WORD_id\":\"a1\"}");
    assertJson(get("a1"), 200, "{\"WORD_info\":{\"name\":\"Bo\"}}");
  }

  @Test
  void namesTheNewDocumentAndTheInstance() {
    Answer answer = post("\"named\"", "1");
    assertThat(answer.header("Location")).isEqualTo(route + "/named");
    assertThat(answer.header("X-Instance-Id")).startsWith(word + "-service-");
  }

  @Test
  void answersUnknownIdsInTheOldWords() {
    assertUnknown("nobody");
  }

  @Test
  void putStoresAnUnknownId() {
    assertJson(put("fresh", "[1]"), 200, "{\"WORD_id\":\"fresh\"}");
    assertJson(get("fresh"), 200, "{\"WORD_info\":[1]}");
  }

  @Test
  void postOnAnExistingIdReplaysOrOverwrites() {
    for (String info : List.of("1", "1", "2")) {
      assertJson(post("\"again\"", info), 201, "{\"WORD_id\":\"again\"}");
      assertJson(get("again"), 200, "{\"WORD_info\":" + info + "}");
    }
  }

  @Test
  void createOnlyRefusesATakenId() {
    assertJson(post("\"once\"", "1", "If-None-Match", "*"), 201, "{\"WORD_id\":\"once\"}");
    assertProblem(post("\"once\"", "2", "If-None-Match", "*"), 412, route);
    assertJson(get("once"), 200, "{\"WORD_info\":1}");
  }

  @Test
  void updateOnlyRefusesAnUnknownId() {
    assertProblem(put("unmet", "1", "If-Match", "*"), 412, route + "/unmet");
    assertUnknown("unmet");
    post("\"met\"", "1");
    assertJson(put("met", "2", "If-Match", "*"), 200, "{\"WORD_id\":\"met\"}");
    assertJson(get("met"), 200, "{\"WORD_info\":2}");
    assertProblem(put("met", "3", "If-Match", "\"7\""), 412, route + "/met");
    assertJson(get("met"), 200, "{\"WORD_info\":2}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-0.0",
        "\"\"",
        "[]",
        "{}",
        "{ \"b\" : 1,\n\t\"a\" : [ { \"\" : null } , 2.50 ] }",
        "{\"same\":1,\"same\":2}",
        "123456789012345678901234567890123456789012345678901234567890",
        "0.1234567890123456789012345678901234567890",
        "1E400",
        "1.00e-400",
        "\"\\u0000 \\ud800 \\/ \\\" caf\\u00e9 é 漢字 😀\""
      })
  void givesBackWhatWasStored(String info) {
    post("\"exact\"", info);
    assertJson(get("exact"), 200, "{\"WORD_info\":" + info + "}");
    put("exact", "0");
    put("exact", info);
    assertJson(get("exact"), 200, "{\"WORD_info\":" + info + "}");
  }

  @Test
  void numbersMayBeAsLongAsTheBody() {
    String number = "9".repeat(60_000);
    post("\"long\"", number);
    assertJson(get("long"), 200, "{\"WORD_info\":" + number + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "42", "-7", "12345678901234567890123456789012345678901234567890"})
  void integersAreIds(String id) {
    assertJson(post(id, "1"), 201, "{\"WORD_id\":" + id + "}");
    assertJson(get(id), 200, "{\"WORD_info\":1}");
    assertJson(put(id, "2"), 200, "{\"WORD_id\":\"" + id + "\"}");
    assertJson(post('"' + id + '"', "3"), 201, "{\"WORD_id\":\"" + id + "\"}");
    assertJson(get(id), 200, "{\"WORD_info\":3}");
  }

  @Test
  void idsMayUseTheirWholeAlphabetAndLength() {
    String id = "~._-" + "Zz9".repeat(41) + "x";
    assertThat(id).hasSize(128);
    assertJson(post('"' + id + '"', "1"), 201, "{\"WORD_id\":\"" + id + "\"}");
    assertJson(get(id), 200, "{\"WORD_info\":1}");
    assertUnknown(id.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "400 |                 | {\"WORD_id\":\"bad\",\"WORD_info\":",
        "400 |                 | {\"WORD_id\":\"bad\",\"WORD_info\":1} x",
        "400 |                 | {\"WORD_id\":\"bad\",\"WORD_info\":01}",
        "400 |                 | {\"WORD_id\":\"bad\",\"WORD_info\":NaN}",
        "400 |                 | {'WORD_id':'bad','WORD_info':1}",
        "400 |                 | {\"WORD_id\":\"bad\",\"WORD_info\":\"\\q\"}",
        "400 |                 | {\"WORD_id\":\"bad\",\"WORD_info\":1,}",
        "400 |                 | ` `",
        "400 | #/WORD_id       | {\"WORD_id\":\"x\",\"WORD_id\":\"bad\",\"WORD_info\":1}",
        "422 | #               | []",
        "422 | #               | \"bad\"",
        "422 | #               | null",
        "422 | #/WORD_info     | {\"WORD_id\":\"bad\"}",
        "422 | #/WORD_id       | {\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":null,\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":true,\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":[\"bad\"],\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":1.0,\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":1e3,\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":\"\",\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":\".\",\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":\"..\",\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":\"a b\",\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":\"a/b\",\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":\"bad\\n\",\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":\"bäd\",\"WORD_info\":1}",
        "422 | #/WORD_id       | {\"WORD_id\":{},\"other\":1,\"WORD_info\":1}",
      })
  void refusesBadBodies(int status, String pointer, String body) {
    JsonNode problem = assertProblem(service.post(route, said(body)), status, route);
    if (pointer == null) {
      assertThat(problem.has("errors")).isFalse();
    } else {
      assertThat(problem.path("errors")).hasSize(1);
      assertThat(problem.path("errors").path(0).path("pointer").asString())
          .isEqualTo(said(pointer));
      assertThat(problem.path("errors").path(0).path("detail").asString()).isNotBlank();
    }
    assertUnknown("bad");
  }

  @Test
  void namesEveryWrongMemberAtOnce() {
    JsonNode problem = assertProblem(service.post(route, "{}"), 422, route);
    assertThat(problem.path("errors").findValuesAsString("pointer"))
        .containsExactly(said("#/WORD_id"), said("#/WORD_info"));
    assertThat(problem.path("detail").asString()).contains(said("WORD_id"), said("WORD_info"));
  }

  @Test
  void refusesBadUpdates() {
    JsonNode problem = assertProblem(service.put(route + "/bad", "{}"), 422, route + "/bad");
    assertThat(problem.path("errors").path(0).path("pointer").asString())
        .isEqualTo(said("#/WORD_info"));
    assertProblem(service.put(route + "/bad", "{"), 400, route + "/bad");
    assertUnknown("bad");
  }

  @Test
  void refusesIdsOfTooManyCharacters() {
    String id = "b".repeat(129);
    assertProblem(post('"' + id + '"', "1"), 422, route);
    assertProblem(post("1".repeat(129), "1"), 422, route);
    assertProblem(get(id), 400, route + "/" + id);
    assertProblem(put(id, "1"), 400, route + "/" + id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%20b", "a%2Fb", "a%5Cb", "%C3%A4", "a,b", "a+b"})
  void refusesBadIdsInThePath(String id) {
    JsonNode problem = assertProblem(get(id), 400, route + "/" + id);
    assertThat(problem.path("detail").asString()).contains(said("WORD_id"));
    assertProblem(put(id, "1"), 400, route + "/" + id);
  }

  @Test
  void refusesPathsThatCannotBeDecoded() throws IOException {
    assertThat(raw("GET " + route + "/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json")
        .contains("\"status\":400");
  }

  @Test
  void refusesPathsThatAreNoUris() throws IOException {
    for (String path : List.of(route + "/a[b]", "//")) {
      assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 40")
          .contains("application/problem+json");
    }
  }

  @Test
  void refusesBodiesThatAreNotUtf8() {
    byte[] body =
        said("{\"WORD_id\":\"bad\",\"WORD_info\":\"é\"}").getBytes(StandardCharsets.ISO_8859_1);
    assertProblem(
        service.send(
            "POST", route, BodyPublishers.ofByteArray(body), "Content-Type", "application/json"),
        400,
        route);
    assertUnknown("bad");
  }

  @Test
  void refusesOtherMediaTypes() {
    String body = said("{\"WORD_id\":\"bad\",\"WORD_info\":1}");
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "nonsense")) {
      assertProblem(
          service.send("POST", route, BodyPublishers.ofString(body), "Content-Type", type),
          415,
          route);
    }
    assertProblem(service.send("POST", route, BodyPublishers.ofString(body)), 415, route);
    assertProblem(
        service.send(
            "PUT", route + "/bad", BodyPublishers.ofString(body), "Content-Type", "text/json"),
        415,
        route + "/bad");
    assertUnknown("bad");
  }

  @Test
  void acceptsJsonWithACharset() {
    Answer answer =
        service.send(
            "POST",
            route,
            BodyPublishers.ofString(said("{\"WORD_id\":\"cs\",\"WORD_info\":1}")),
            "Content-Type",
            "application/json; charset=utf-8");
    assertJson(answer, 201, "{\"WORD_id\":\"cs\"}");
  }

  @Test
  void refusesBodiesOverTheLimitAndTakesThoseUpToIt() {
    String start = said("{\"WORD_id\":\"big\",\"WORD_info\":\"");
    String fits = start + "x".repeat(LIMIT - start.length() - 2) + "\"}";
    String over = fits.replace("\"}", "x\"}");
    assertThat(fits).hasSize(LIMIT);
    for (String type : List.of("known length", "chunked")) {
      assertProblem(sendBig("POST", route, over, type), 413, route);
      assertUnknown("big");
    }
    assertProblem(sendBig("PUT", route + "/big", over.repeat(20), "chunked"), 413, route + "/big");
    assertUnknown("big");
    for (String type : List.of("known length", "chunked")) {
      assertJson(sendBig("POST", route, fits, type), 201, "{\"WORD_id\":\"big\"}");
    }
    assertThat(get("big").body()).hasSizeGreaterThan(LIMIT - 100);
  }

  private Answer sendBig(String method, String path, String body, String how) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return service.send(
        method,
        path,
        how.equals("chunked")
            ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))
            : BodyPublishers.ofByteArray(bytes),
        "Content-Type",
        "application/json");
  }

  @Test
  void refusesUnknownRoutesAndMethods() {
    assertProblem(service.get("/nowhere"), 404, "/nowhere");
    assertProblem(service.get("/"), 404, "/");
    assertProblem(service.get(route + "/a/b"), 404, route + "/a/b");
    Answer answer = service.send("DELETE", route + "/a", BodyPublishers.noBody());
    assertProblem(answer, 405, route + "/a");
    assertThat(answer.header("Allow")).contains("GET").contains("PUT");
    assertProblem(service.send("PATCH", route, BodyPublishers.noBody()), 405, route);
  }

  @Test
  void refusesToAnswerInAnotherFormat() {
    post("\"format\"", "1");
    String path = route + "/format";
    assertProblem(service.get(path, "Accept", "text/html"), 406, path);
    assertJson(service.get(path, "Accept", "text/html, */*;q=0.1"), 200, "{\"WORD_info\":1}");
  }

  @Test
  void saysThatItIsAliveAndReady() {
    assertJson(service.get("/healthz/live"), 200, "{\"status\":\"live\"}");
    assertJson(service.get("/healthz/ready"), 200, "{\"status\":\"ready\"}");
  }

  @Test
  void concurrentPostsOfOneIdAllSucceedAndOneStays() throws Exception {
    List<Callable<Answer>> posts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String id = "\"race" + i % 3 + '"';
      String info = Integer.toString(i);
      posts.add(() -> post(id, info));
    }
    for (Answer answer : together(posts)) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }
    assertThat(get("race0").body()).matches(said("\\{\"WORD_info\":\\d+}"));
  }

  @Test
  void ofConcurrentCreateOnlyPostsOneWins() throws Exception {
    List<Callable<Answer>> posts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String info = Integer.toString(i);
      posts.add(() -> post("\"first\"", info, "If-None-Match", "*"));
    }
    List<Answer> answers = together(posts);
    assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
    assertThat(answers.stream().filter(answer -> answer.status() == 412)).hasSize(19);
    int winner = answers.indexOf(answers.stream().filter(a -> a.status() == 201).findAny().get());
    assertJson(get("first"), 200, "{\"WORD_info\":" + winner + "}");
  }

  /// Runs all calls at once; answers in their order.
  public static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    }
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", service.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
