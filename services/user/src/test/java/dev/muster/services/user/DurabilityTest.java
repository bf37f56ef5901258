package dev.muster.services.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.services.starter.Databases;
import dev.muster.services.starter.RunningService;
import dev.muster.services.starter.ServiceContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Instances which are processes: they start on an empty database and are killed, and what they
/// acknowledged is there.
class DurabilityTest {
  private static final int DOCUMENTS = 100;

  /// As in `service-defaults.properties`, elsewhere.
  private static String h2File(Path folder) {
    return "jdbc:h2:file:"
        + folder.resolve("user-service")
        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
  }

  @Test
  void oneInstanceOnItsOwnFile(@TempDir Path folder) throws Exception {
    killedAfterWriting(h2File(folder), 1);
  }

  @Test
  void twoInstancesStartedTogetherOnOnePostgres() throws Exception {
    killedAfterWriting(Databases.postgres(), 2);
  }

  private static void killedAfterWriting(String databaseUrl, int count) throws Exception {
    List<Callable<RunningService>> starts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starts.add(() -> RunningService.startProcess(UserService.class, databaseUrl));
    }
    List<RunningService> instances = ServiceContract.together(starts);
    try {
      write(instances);
    } finally {
      instances.forEach(RunningService::close);
    }
    try (var service = RunningService.start(UserService.class, databaseUrl)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        assertThat(service.get("/users/" + i).body()).isEqualTo("{\"user_info\":[" + i + "]}");
      }
      assertThat(service.get("/users/last").body()).isEqualTo("{\"user_info\":\"last\"}");
    }
  }

  private static void write(List<RunningService> instances) throws Exception {
    List<Callable<Integer>> writes = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      String body = "{\"user_id\":" + i + ",\"user_info\":[" + i + "]}";
      for (RunningService instance : instances) {
        writes.add(() -> instance.post("/users", body).status());
      }
    }
    assertThat(ServiceContract.together(writes)).containsOnly(201);
    assertThat(instances.getLast().put("/users/last", "{\"user_info\":\"last\"}").status())
        .isEqualTo(200);
  }
}
