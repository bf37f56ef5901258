package dev.muster.services.starter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/// A service started by a test on a free port, and a client for it. [#close] ends both.
public final class RunningService implements AutoCloseable {
  private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;
  private final Runnable end;

  private RunningService(int port, Runnable end) {
    this.port = port;
    this.end = end;
  }

  /// Starts the application in this JVM, without Consul unless an argument names its port. The end
  /// is that of a SIGTERM.
  public static RunningService start(
      Class<?> application, String databaseUrl, String... arguments) {
    List<String> all = arguments(databaseUrl, arguments);
    all.add("--logging.level.root=warn");
    var context =
        (WebServerApplicationContext)
            SpringApplication.run(application, all.toArray(String[]::new));
    return new RunningService(
        context.getWebServer().getPort(), ((ConfigurableApplicationContext) context)::close);
  }

  /// Starts the application in a process of its own. The end is a SIGKILL.
  public static RunningService startProcess(
      Class<?> application, String databaseUrl, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), application.getName()));
    command.addAll(arguments(databaseUrl, arguments));
    command.add("--logging.level.root=info");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Runnable kill = () -> process.destroyForcibly().onExit().join();
    StringBuilder said = new StringBuilder();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      Matcher started = STARTED.matcher(line);
      if (started.find()) {
        return new RunningService(Integer.parseInt(started.group(1)), kill);
      }
    }
    kill.run();
    throw new IllegalStateException("Not started:\n" + said);
  }

  private static List<String> arguments(String databaseUrl, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server.port=0");
    all.add("--spring.datasource.url=" + databaseUrl);
    if (all.stream().noneMatch(argument -> argument.contains("consul.port"))) {
      all.add("--spring.cloud.consul.enabled=false");
    }
    return all;
  }

  public int port() {
    return port;
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  public Answer post(String path, String json, String... headers) {
    return send("POST", path, BodyPublishers.ofString(json), json(headers));
  }

  public Answer put(String path, String json, String... headers) {
    return send("PUT", path, BodyPublishers.ofString(json), json(headers));
  }

  public Answer send(String method, String path, BodyPublisher body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String[] json(String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "application/json"));
    return all.toArray(String[]::new);
  }

  @Override
  public void close() {
    client.shutdownNow();
    end.run();
  }

  /// Status, headers and body of an answer.
  public record Answer(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public String body() {
      return response.body();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    public String type() {
      return header("Content-Type");
    }
  }
}
