package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.muster.cli.Shell.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `watch`, against a server that answers when the test says so, as one that holds a question does.
@Timeout(60)
class WatchCommandTest {
  private record Reply(int status, long index, String body) {}

  @TempDir Path folder;
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          try (exchange) {
            Reply reply = replies.take();
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange
                .getResponseHeaders()
                .add("X-Consul-Index", Long.toUnsignedString(reply.index()));
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    shell = Shell.asking("127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(int status, long index, String body) {
    replies.add(new Reply(status, index, body));
  }

  private static Ended end(CompletableFuture<Ended> command) throws Exception {
    return command.get(30, TimeUnit.SECONDS);
  }

  @Test
  void withoutACommandItPrintsWhatThereIsAndEnds() {
    answer(200, 5, "{\"web\":[\"v1\"]}");
    assertThat(shell.run("watch", "-type=services"))
        .isEqualTo(new Ended(0, "{\n    \"web\": [\n        \"v1\"\n    ]\n}\n", ""));
    answer(404, 5, "");
    assertThat(shell.run("watch", "-type=key", "-key=none").out()).isEqualTo("null\n");
    answer(200, 5, "[{\"Key\":\"a\"}]");
    assertThat(shell.run("watch", "-type=key", "-key=a").out())
        .isEqualTo("{\n    \"Key\": \"a\"\n}\n");
  }

  @Test
  void theCommandReadsEachChangeOnce() throws Exception {
    Path seen = folder.resolve("seen");
    answer(200, 5, "[1]");
    answer(200, 6, "[1]"); // something else changed
    answer(200, 7, "[2]");
    answer(200, 7, "[2]"); // the time of the question was up
    answer(200, 3, "[3]"); // another history: asked again without an index
    answer(200, 4, "[4]");
    CompletableFuture<Ended> command =
        shell.start(
            "watch",
            "-type=keyprefix",
            "-prefix=a/",
            "(echo $CONSUL_INDEX; cat)",
            ">>" + seen,
            "&&",
            "! grep -q 4 " + seen);
    Ended ended = end(command);
    assertThat(Files.readString(seen)).isEqualTo("5\n[1]\n7\n[2]\n3\n[3]\n4\n[4]\n");
    assertThat(ended.exitCode()).as("its handler failed").isEqualTo(1);
    assertThat(ended.err()).contains("Error executing handler: exit status 1");
    assertThat(asked)
        .containsExactly(
            "/v1/kv/a/?recurse",
            "/v1/kv/a/?recurse&index=5&wait=300s",
            "/v1/kv/a/?recurse&index=6&wait=300s",
            "/v1/kv/a/?recurse&index=7&wait=300s",
            "/v1/kv/a/?recurse&index=7&wait=300s",
            "/v1/kv/a/?recurse");
  }

  @Test
  void followingPrintsEachChangeUntilItIsStopped() throws Exception {
    answer(200, 5, "[1]");
    answer(200, 6, "[2]");
    CompletableFuture<Ended> command = shell.start("watch", "-type=nodes", "-follow");
    while (!shell.printed().contains("2")) {
      Thread.onSpinWait();
    }
    shell.stop();
    Ended ended = end(command);
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).isEqualTo("[\n    1\n]\n[\n    2\n]\n");
  }

  @Test
  void eventsAreToldOnce() throws Exception {
    String first = "{\"ID\":\"0166a665-2a6b-1d66-85f2-6a2070870dd9\"}";
    String second = "{\"ID\":\"11111111-2222-3333-4444-555555555555\"}";
    long indexOfFirst = Long.parseUnsignedLong("9553485307809894591");
    answer(200, indexOfFirst, "[" + first + "]");
    answer(200, 77, "[" + first + "," + second + "]");
    Path seen = folder.resolve("seen");
    end(
        shell.start(
            "watch", "-type=event", "-name=deploy", "cat >>" + seen, "; ! grep -q 1111 " + seen));
    assertThat(Files.readAllLines(seen)).containsExactly("[" + first + "]", "[" + second + "]");
    assertThat(asked).last().asString().contains("name=deploy", "index=9553485307809894591");
  }

  @Test
  void eachTypeAsksItsOwnQuestion() {
    String[][] cases = {
      {
        "-type=service -service=web -tag=a -tag=b -passingonly -filter=x",
        "/v1/health/service/web?filter=x&tag=a&tag=b&passing=1"
      },
      {"-type=checks", "/v1/health/state/any"},
      {"-type=checks -state=critical", "/v1/health/state/critical"},
      {"-type=checks -service=web", "/v1/health/checks/web"},
      {"-type=nodes -filter=x -stale", "/v1/catalog/nodes?filter=x&stale"},
    };
    for (String[] each : cases) {
      answer(200, 5, "[]");
      assertThat(shell.run(("watch " + each[0]).split(" ")).out()).isEqualTo("[]\n");
      assertThat(asked).last().isEqualTo(each[1]);
    }
  }

  @Test
  void whatDoesNotFitTheTypeIsRefused() {
    for (String line :
        new String[] {
          "watch",
          "watch -type=x",
          "watch -type=key",
          "watch -type=service",
          "watch -type=nodes -key=a",
          "watch -type=checks -service=a -state=any"
        }) {
      assertThat(shell.run(line.split(" ")).exitCode()).as(line).isEqualTo(1);
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void aServerThatFailsIsAskedAgainLater() throws Exception {
    answer(500, 0, "No cluster leader");
    CompletableFuture<Ended> command = shell.start("watch", "-type=services");
    while (!shell.complained().contains("retry in 5s")) {
      Thread.onSpinWait();
    }
    assertThat(shell.complained()).contains("type: services", "No cluster leader");
    shell.stop();
    assertThat(end(command).exitCode()).isZero();
  }
}
