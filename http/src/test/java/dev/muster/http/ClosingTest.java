package dev.muster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that closes keeps its word to those it has begun to answer.
@Timeout(30)
class ClosingTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final Semaphore begun = new Semaphore(0);
  private final Semaphore written = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private HttpServer server;
  private Thread closer = new Thread();

  private final class Store implements Handler {
    @Override
    public Response handle(Request request) throws InterruptedException {
      begun.release();
      return switch (request.path()) {
        case "/write" -> {
          acquire();
          yield Response.text(200, "written");
        }
        case "/wait" -> {
          closing.await();
          yield Response.text(200, "as it is");
        }
        case "/lines" ->
            Response.streamed(
                200,
                "text/x",
                out -> {
                  out.write('a');
                  out.flush();
                  closing.await();
                  out.write('z');
                });
        default -> Response.text(200, "ok");
      };
    }

    private void acquire() throws InterruptedException {
      try {
        written.acquire();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
    }

    @Override
    public void closing() {
      closing.countDown();
    }
  }

  private void start(Duration patience) throws IOException {
    var any = new InetSocketAddress("127.0.0.1", 0);
    var timeouts = new HttpTimeouts(LONG, LONG, LONG, patience);
    server = HttpServer.start(HttpConfig.on(any).with(timeouts), new Store());
  }

  @AfterEach
  void close() throws InterruptedException {
    written.release(10);
    server.close();
    closer.join();
  }

  private RawClient client() throws IOException {
    return new RawClient(server.address());
  }

  private void beginClosing() throws InterruptedException {
    closer = Thread.ofVirtual().start(server::close);
    closing.await();
  }

  @Test
  void aWriteThatHasBegunIsAnswered() throws Exception {
    start(LONG);
    try (var client = client();
        var idle = client()) {
      assertThat(idle.send("GET /a HTTP/1.1\r\n\r\n").answer().status()).isEqualTo(200);
      begun.acquire();
      client.send("PUT /write HTTP/1.1\r\n\r\nPUT /behind HTTP/1.1\r\n\r\n");
      begun.acquire();
      beginClosing();
      assertThat(idle.isEnded()).isTrue();
      assertThatThrownBy(this::client).isInstanceOf(IOException.class);
      written.release();
      RawClient.Answer answer = client.answer();
      assertThat(answer.body()).isEqualTo("written");
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.isEnded()).isTrue();
      assertThat(begun.availablePermits()).as("what had not begun").isZero();
    }
    assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void whatWaitsAnswersAtOnce() throws Exception {
    start(LONG);
    try (var waiting = client();
        var streaming = client()) {
      waiting.send("GET /wait HTTP/1.1\r\n\r\n");
      streaming.send("GET /lines HTTP/1.1\r\n\r\n");
      begun.acquire(2);
      assertThat(streaming.head().status()).isEqualTo(200);
      assertThat(streaming.chunk()).isEqualTo("a");
      beginClosing();
      assertThat(waiting.answer().body()).isEqualTo("as it is");
      assertThat(streaming.chunk() + streaming.chunk()).isEqualTo("z");
      assertThat(streaming.isEnded()).isTrue();
    }
    assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void whatTakesTooLongIsInterrupted() throws Exception {
    start(SHORT);
    try (var client = client()) {
      client.send("PUT /write HTTP/1.1\r\n\r\n");
      begun.acquire();
      server.close();
      assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(client.isEnded()).isTrue();
    }
  }
}
