package dev.muster.balancer.observe;

import dev.muster.balancer.request.Outcome;
import dev.muster.balancer.request.Trace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends spans to a collector by OTLP over HTTP in JSON, on a thread of its own. Who offers never
/// waits: what does not fit, or is not taken, is dropped and counted. Thread-safe; [#close] sends
/// what is queued.
public final class SpanExport implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SpanExport.class);
  private static final int QUEUED_MAX = 8192;
  private static final int BATCH_MAX = 512;
  private static final long GATHER_MILLIS = 500;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final BlockingQueue<Finished> queue = new ArrayBlockingQueue<>(QUEUED_MAX);
  private final LongAdder dropped = new LongAdder();
  private final URI endpoint;
  private final HttpClient client;
  private final SpanJson json;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Thread thread;
  private volatile boolean isClosed;
  private boolean isFailing;

  /// A traced request that is over; its outcome does not change any more.
  record Finished(
      Trace trace,
      Outcome outcome,
      String location,
      String client,
      long startedNanos,
      long endedNanos) {}

  private SpanExport(
      URI endpoint, HttpClient client, RandomGenerator random, Clock clock, LongSupplier nanoTime) {
    this.endpoint = endpoint;
    this.client = client;
    this.json = new SpanJson(random);
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.thread = Thread.ofPlatform().daemon().name("span-export").unstarted(this::run);
  }

  /// One that has started.
  ///
  /// @param endpoint `/v1/traces` is appended if it has no path
  /// @param nanoTime the clock of the loops
  public static SpanExport start(
      URI endpoint, RandomGenerator random, Clock clock, LongSupplier nanoTime) {
    String path = endpoint.getRawPath();
    boolean isBare = path == null || path.isEmpty() || path.equals("/");
    URI whole = isBare ? endpoint.resolve("/v1/traces") : endpoint;
    HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    var export = new SpanExport(whole, client, random, clock, nanoTime);
    export.thread.start();
    return export;
  }

  /// What decides about the requests of one loop.
  public Tracer tracer(double ratio, RandomGenerator random) {
    return new Tracer(ratio, random, this);
  }

  void offer(Finished finished) {
    if (!queue.offer(finished)) {
      dropped.increment();
    }
  }

  /// Requests whose spans were not taken.
  public long dropped() {
    return dropped.sum();
  }

  private void run() {
    List<Finished> batch = new ArrayList<>();
    while (true) {
      boolean isLast = isClosed;
      try {
        Finished first = queue.poll(isLast ? 0 : GATHER_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH_MAX - 1);
          send(batch);
          batch.clear();
        } else if (isLast) {
          return;
        }
      } catch (InterruptedException e) {
        // Only close ends it, and it interrupts a wait to do so.
      }
    }
  }

  private void send(List<Finished> batch) {
    Instant wall = clock.instant();
    long epochNanos = wall.getEpochSecond() * 1_000_000_000L + wall.getNano();
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    json.of(batch, epochNanos - nanoTime.getAsLong())))
            .build();
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status >= 200 && status < 300) {
        isFailing = false;
        return;
      }
      lost(batch.size(), "it answers " + status);
    } catch (IOException e) {
      lost(batch.size(), e.toString());
    } catch (InterruptedException e) {
      lost(batch.size(), "the balancer ends");
    }
  }

  private void lost(int count, String why) {
    dropped.add(count);
    if (!isFailing) {
      isFailing = true;
      log.warn("the collector at {} does not take spans, they are lost: {}", endpoint, why);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      if (!thread.join(TIMEOUT.plus(TIMEOUT))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
