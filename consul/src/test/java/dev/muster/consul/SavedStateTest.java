package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `/v1/snapshot`: what was saved comes back, what is damaged changes nothing.
@Timeout(30)
class SavedStateTest {
  private final Consul consul = new Consul();
  private final HttpClient client = HttpClient.newHttpClient();

  SavedStateTest() throws IOException {}

  @AfterEach
  void close() {
    client.shutdownNow();
    consul.close();
  }

  private HttpResponse<byte[]> save() throws Exception {
    var request = consul.request("/v1/snapshot").build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<String> restore(byte[] archive) throws Exception {
    var request = consul.request("/v1/snapshot").PUT(BodyPublishers.ofByteArray(archive)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void everythingComesBack() throws Exception {
    consul.put("/v1/kv/a", "before");
    consul.put("/v1/agent/service/register", "{\"Name\":\"web\"}");
    consul.put("/v1/event/fire/deploy", "x");
    consul.send("POST", "/v1/query", "{\"Name\":\"q\",\"Service\":{\"Service\":\"web\"}}");
    consul.put("/v1/config", "{\"Kind\":\"service-defaults\",\"Name\":\"web\"}");
    consul.put("/v1/operator/autopilot/configuration", "{\"MaxTrailingLogs\":9}");
    HttpResponse<byte[]> saved = save();
    assertThat(saved.statusCode()).isEqualTo(200);
    assertThat(saved.headers().firstValue("Content-Type")).contains("application/x-gzip");
    assertThat(saved.headers().firstValue("X-Consul-Knownleader")).contains("true");
    assertThat(saved.headers().firstValue("X-Consul-Index")).isPresent();

    consul.put("/v1/kv/a", "after");
    consul.put("/v1/kv/b", "after");
    consul.put("/v1/agent/service/deregister/web");
    consul.delete("/v1/config/service-defaults/web");
    long index = consul.get("/v1/kv/b").index();
    CompletableFuture<Consul.Answer> waiting = consul.getAside("/v1/kv/b?wait=25s&index=" + index);
    HttpResponse<String> restored = restore(saved.body());

    assertThat(restored.body()).isEmpty();
    assertThat(restored.statusCode()).isEqualTo(200);
    assertThat(waiting.get(10, TimeUnit.SECONDS).status())
        .as("who waits is told that it went")
        .isEqualTo(404);
    assertThat(consul.get("/v1/kv/a?raw").body()).isEqualTo("before");
    assertThat(consul.get("/v1/catalog/service/web").json()).hasSize(1);
    assertThat(consul.get("/v1/event/list").json()).hasSize(1);
    assertThat(consul.get("/v1/query/q/execute").json().get("Nodes")).hasSize(1);
    assertThat(consul.get("/v1/config/service-defaults/web").status()).isEqualTo(200);
    assertThat(
            consul
                .get("/v1/operator/autopilot/configuration")
                .json()
                .get("MaxTrailingLogs")
                .intValue())
        .isEqualTo(9);
    consul.put("/v1/kv/c", "later");
    assertThat(consul.get("/v1/kv/c").json().get(0).get("ModifyIndex").asLong())
        .as("indexes go on")
        .isGreaterThan(index);
  }

  @Test
  void anArchiveIsWhatTarAndSha256sumTakeItFor(@TempDir Path folder) throws Exception {
    consul.put("/v1/kv/a", "x");
    Path archive = Files.write(folder.resolve("saved.tgz"), save().body());

    run(folder, "tar", "-xzf", archive.getFileName().toString());
    run(folder, "sha256sum", "-c", "SHA256SUMS");

    JsonNode meta = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("meta.json")));
    assertThat(meta.propertyNames())
        .containsExactly(
            "Version", "ID", "Index", "Term", "Configuration", "ConfigurationIndex", "Size");
    assertThat(meta.get("Size").longValue()).isEqualTo(Files.size(folder.resolve("state.bin")));
    run(folder, "sh", "-c", "tar -czf other.tgz meta.json state.bin SHA256SUMS");
    assertThat(restore(Files.readAllBytes(folder.resolve("other.tgz"))).statusCode())
        .as("also as tar packs it")
        .isEqualTo(200);
  }

  private static void run(Path folder, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void whatIsDamagedChangesNothing() throws Exception {
    consul.put("/v1/kv/a", "x");
    byte[] saved = save().body();
    consul.put("/v1/kv/a", "y");
    long index = consul.registry.view().index();

    assertRefused(new byte[0], "failed to decompress snapshot: unexpected EOF");
    assertRefused(new byte[100], "failed to decompress snapshot: gzip: invalid header");
    assertRefused(
        Arrays.copyOf(saved, saved.length / 2), "failed to read snapshot file: unexpected EOF");
    byte[] flipped = saved.clone();
    flipped[saved.length / 2] ^= 64;
    assertRefused(flipped, "failed to read snapshot file: ");
    byte[] tar = new GZIPInputStream(new ByteArrayInputStream(saved)).readAllBytes();
    byte[] changed = tar.clone();
    changed[512 + 10] ^= 1;
    assertRefused(zipped(changed), "integrity of snapshot: hash check failed for \"meta.json\"");
    byte[] renamed = tar.clone();
    renamed[0] = 'M';
    assertRefused(zipped(renamed), "archive/tar: invalid tar header");
    assertRefused(zipped(new byte[1024]), "file missing for \"meta.json\"");
    byte[] bomb = Arrays.copyOf(tar, tar.length + (1 << 20));
    assertRefused(zipped(bomb), "unread uncompressed bytes remain");

    assertThat(consul.get("/v1/kv/a?raw").body()).isEqualTo("y");
    assertThat(consul.registry.view().index()).as("not even a part of it").isEqualTo(index);
  }

  private void assertRefused(byte[] archive, String why) throws Exception {
    HttpResponse<String> answer = restore(archive);
    assertThat(answer.body()).contains(why);
    assertThat(answer.statusCode()).isEqualTo(500);
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }
}
