package dev.muster.demo;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// A fixed piece of work through the balancer, in the middle of which one instance of each service
/// is killed. Every user and order is created, read, updated and read again; at the end all are
/// read once more.
final class Trial {
  private static final int DOCUMENTS = 200;
  private static final int CONNECTIONS = 16;
  private static final Duration ABSENT_MAX = Duration.ofSeconds(30);

  private final SampleSystem system;
  private final HttpClient http;
  private final Map<DemoConfig.Sample, Tally> tallies = new LinkedHashMap<>();
  private final AtomicInteger wrongReads = new AtomicInteger();

  Trial(SampleSystem system, HttpClient http) {
    this.system = system;
    this.http = http;
    DemoConfig.SAMPLES.forEach(sample -> tallies.put(sample, new Tally()));
  }

  /// @param absentAfter per service: the time from kill -9 until its instance was absent from
  ///     `health/service?passing`
  record Report(
      Map<DemoConfig.Sample, Tally> tallies,
      Map<DemoConfig.Sample, Duration> absentAfter,
      long balancerRetries,
      int wrongReads) {
    boolean isGood() {
      return wrongReads == 0 && tallies.values().stream().allMatch(tally -> tally.failures() == 0);
    }
  }

  private record Document(DemoConfig.Sample sample, String id) {}

  Report run() throws InterruptedException {
    List<Document> documents = new ArrayList<>();
    for (int i = 1; i <= DOCUMENTS; i++) {
      for (DemoConfig.Sample sample : DemoConfig.SAMPLES) {
        documents.add(new Document(sample, sample.kind() + "-" + i));
      }
    }
    var work = new ConcurrentLinkedQueue<>(documents);
    var halfWay = new CountDownLatch(documents.size() / 2);
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      workers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (Document next = work.poll(); next != null; next = work.poll()) {
                      try {
                        exercise(next);
                      } finally {
                        halfWay.countDown();
                      }
                    }
                  }));
    }
    halfWay.await();
    Map<DemoConfig.Sample, CompletableFuture<Duration>> absences = new LinkedHashMap<>();
    for (DemoConfig.Sample sample : DemoConfig.SAMPLES) {
      absences.put(sample, kill(sample));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    Map<DemoConfig.Sample, Duration> absentAfter = new LinkedHashMap<>();
    for (var absence : absences.entrySet()) {
      absentAfter.put(absence.getKey(), duration(absence.getValue()));
    }
    for (Document document : documents) {
      expect(document, client(document), "updated");
    }
    return new Report(tallies, absentAfter, retries(), wrongReads.get());
  }

  private SampleClient client(Document document) {
    Tally tally = tallies.computeIfAbsent(document.sample(), _ -> new Tally());
    return new SampleClient(http, document.sample(), system.balancerPort(), tally);
  }

  private void exercise(Document document) {
    try {
      SampleClient client = client(document);
      if (client.create(document.id(), "created")) {
        expect(document, client, "created");
      }
      if (client.update(document.id(), "updated")) {
        expect(document, client, "updated");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What was acknowledged must be read back.
  private void expect(Document document, SampleClient client, String info)
      throws InterruptedException {
    if (client.read(document.id()).filter(info::equals).isEmpty()) {
      wrongReads.incrementAndGet();
    }
  }

  /// Kills the first instance and tells how long the registry took to notice.
  private CompletableFuture<Duration> kill(DemoConfig.Sample sample) {
    String victim = sample.kind() + "-1";
    long killed = System.nanoTime();
    system.process(victim).kill();
    CompletableFuture<Duration> absence = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                absence.complete(absentAfter(sample, victim, killed));
              } catch (IOException | InterruptedException e) {
                absence.completeExceptionally(e);
              }
            });
    return absence;
  }

  private Duration absentAfter(DemoConfig.Sample sample, String victim, long killedNanos)
      throws IOException, InterruptedException {
    long index = 0;
    while (true) {
      Duration passed = Duration.ofNanos(System.nanoTime() - killedNanos);
      if (passed.compareTo(ABSENT_MAX) > 0) {
        throw new IOException(
            victim + " still passes " + ABSENT_MAX.toSeconds() + " s after kill -9");
      }
      AgentApi.Passing passing =
          system.api().passing(sample.service(), index, Duration.ofSeconds(5));
      if (passing.instances().stream().noneMatch(instance -> instance.id().equals(victim))) {
        return Duration.ofNanos(System.nanoTime() - killedNanos);
      }
      index = passing.index();
    }
  }

  private static Duration duration(CompletableFuture<Duration> absence)
      throws InterruptedException {
    try {
      return absence.get();
    } catch (ExecutionException e) {
      throw new DemoFailed(String.valueOf(e.getCause()));
    }
  }

  private long retries() throws InterruptedException {
    try {
      return system.api().balancerRetries();
    } catch (IOException e) {
      throw new DemoFailed("the agent does not answer: " + e.getMessage());
    }
  }
}
