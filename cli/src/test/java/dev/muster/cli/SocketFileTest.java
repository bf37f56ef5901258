package dev.muster.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Shell.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Asking through a socket file, whatever comes back.
class SocketFileTest {
  @TempDir Path folder;

  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private ServerSocketChannel server;
  private Shell shell;

  @BeforeEach
  void listen() throws IOException {
    Path file = folder.resolve("api.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(file));
    shell = Shell.asking("unix://" + file);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /// Reads a request's head and answers with these bytes, and hangs up; or, without any, waits
  /// until the client hangs up.
  private void answering(String bytes) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (SocketChannel client = server.accept()) {
                BufferedReader in = new BufferedReader(Channels.newReader(client, US_ASCII));
                asked.add(in.readLine());
                String line = in.readLine();
                while (line != null && !line.isEmpty()) {
                  line = in.readLine();
                }
                if (bytes.isEmpty()) {
                  asked.add("hung up: " + (in.readLine() == null));
                }
                client.write(ByteBuffer.wrap(bytes.getBytes(US_ASCII)));
              } catch (IOException e) {
                asked.add(e.toString());
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n[\"one\"]beyond",
        "HTTP/1.1 200 OK\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "3\r\n"
            + "[\"o\r\n"
            + "4;x=y\r\n"
            + "ne\"]\r\n"
            + "0\r\n\r\n",
        "HTTP/1.0 200\r\n\r\n[\"one\"]",
      })
  void bodiesOfAllKinds(String answer) {
    answering(answer);
    assertThat(shell.run("catalog", "datacenters")).isEqualTo(new Ended(0, "one\n", ""));
    assertThat(asked).containsExactly("GET /v1/catalog/datacenters HTTP/1.1");
  }

  @Test
  void aRefusalIsTold() {
    answering("HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\nno leader");
    assertThat(shell.run("catalog", "datacenters").err()).contains("500 (no leader)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[]",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\n[]",
        "HTTP/1.1 200 OK\r\ncontent-length: all\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\ncontent-",
        "SSH-2.0-OpenSSH\r\n",
      })
  void anAnswerThatIsNoneIsOneSentence(String answer) {
    answering(answer);
    Ended ended = shell.run("catalog", "datacenters");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).startsWith("Error asking the agent at unix:///").hasLineCount(1);
  }

  @Test
  void whoWaitsForAnAnswerCanBeStopped() throws Exception {
    answering("");
    var watch = shell.start("watch", "-type=services", "true");
    assertThat(asked.poll(10, TimeUnit.SECONDS)).startsWith("GET /v1/catalog/services");
    shell.stop();
    assertThat(watch.get(10, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo("hung up: true");
  }

  @Test
  void nobodyListensThere() {
    shell = Shell.asking("unix:///nowhere/api.sock");
    assertThat(shell.run("catalog", "datacenters").err())
        .contains("unix:///nowhere/api.sock: No such file or directory");
  }
}
