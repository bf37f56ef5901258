package dev.muster.balancer.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the lines of one file on a thread of its own. Who offers a line never waits: what does
/// not fit into the queue is dropped and counted. Thread-safe; [#close] writes what is queued.
final class LogWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogWriter.class);
  private static final long QUEUED_BYTES_MAX = 16L << 20;

  /// What a queued line costs beside its octets.
  private static final int LINE_BYTES = 64;

  private static final int WRITTEN_BYTES_MAX = 1 << 16;

  // A little gathering spares a system call per line, and per line the waking of this thread.
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /// Opens what is written to, again after each reopening.
  @FunctionalInterface
  interface Opening {
    OutputStream open() throws IOException;
  }

  private final String path;
  private final Opening opening;
  private final LongSupplier nanoTime;
  private final int bufferBytes;
  private final long flushNanos;
  private final ConcurrentLinkedQueue<byte[]> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final LongAdder dropped = new LongAdder();
  private final AtomicBoolean isAsleep = new AtomicBoolean();
  private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
  private final Thread thread;
  private volatile boolean isReopening;
  private volatile boolean isClosed;
  private OutputStream out;
  private boolean isBroken;
  private long gatheredSince;
  private @Nullable String lastProblem;

  /// Opens what is written to; nothing is written before [#start].
  LogWriter(String path, Opening opening, int bufferBytes, Duration flush, LongSupplier nanoTime)
      throws IOException {
    this.path = path;
    this.opening = opening;
    this.nanoTime = nanoTime;
    this.out = opening.open();
    this.bufferBytes = bufferBytes;
    this.flushNanos = flush.isZero() ? Long.MAX_VALUE : flush.toNanos();
    this.thread = Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
  }

  LogWriter start() {
    thread.start();
    return this;
  }

  String path() {
    return path;
  }

  /// Lines that were not written.
  long dropped() {
    return dropped.sum();
  }

  /// Queues a line, its end included.
  void offer(byte[] line) {
    int cost = line.length + LINE_BYTES;
    if (queuedBytes.addAndGet(cost) > QUEUED_BYTES_MAX) {
      queuedBytes.addAndGet(-cost);
      dropped.increment();
      return;
    }
    queue.add(line);
    wake();
  }

  private void wake() {
    if (isAsleep.get() && isAsleep.compareAndSet(true, false)) {
      LockSupport.unpark(thread);
    }
  }

  /// Opens the file anew: whoever renamed it gets no further line. Returns before that is done.
  void reopen() {
    isReopening = true;
    wake();
  }

  private void run() {
    while (true) {
      boolean isLast = isClosed;
      boolean reopens = isReopening;
      drain();
      boolean isDue =
          gathered.size() > 0
              && (bufferBytes == 0 || nanoTime.getAsLong() - gatheredSince >= flushNanos);
      if (isDue || isLast || reopens) {
        write();
      }
      if (isLast) {
        closeStream();
        return;
      }
      if (reopens) {
        isReopening = false;
        openAnew();
      }
      rest();
    }
  }

  private void drain() {
    for (byte[] line = queue.poll(); line != null; line = queue.poll()) {
      queuedBytes.addAndGet(-(line.length + LINE_BYTES));
      int limit = bufferBytes == 0 ? WRITTEN_BYTES_MAX : bufferBytes;
      if (gathered.size() > 0 && gathered.size() + line.length > limit) {
        write();
      }
      if (gathered.size() == 0) {
        gatheredSince = nanoTime.getAsLong();
      }
      gathered.writeBytes(line);
    }
  }

  private void rest() {
    if (!queue.isEmpty()) {
      LockSupport.parkNanos(this, GATHER_NANOS);
      return;
    }
    isAsleep.set(true);
    if (queue.isEmpty() && !isClosed && !isReopening) {
      long left =
          gathered.size() == 0 ? IDLE_NANOS : flushNanos - (nanoTime.getAsLong() - gatheredSince);
      LockSupport.parkNanos(this, Math.clamp(left, 1, IDLE_NANOS));
    }
    isAsleep.set(false);
    if (!queue.isEmpty() && !isClosed) {
      LockSupport.parkNanos(this, GATHER_NANOS);
    }
  }

  private void write() {
    if (gathered.size() == 0) {
      return;
    }
    try {
      if (isBroken) {
        out = opening.open();
        isBroken = false;
      }
      gathered.writeTo(out);
      out.flush();
      lastProblem = null;
    } catch (IOException e) {
      for (byte octet : gathered.toByteArray()) {
        if (octet == '\n') {
          dropped.increment();
        }
      }
      complain(e);
    }
    gathered.reset();
  }

  private void openAnew() {
    closeStream();
    try {
      out = opening.open();
      isBroken = false;
    } catch (IOException e) {
      isBroken = true;
      complain(e);
    }
  }

  private void complain(IOException problem) {
    String words = String.valueOf(problem.getMessage());
    if (!words.equals(lastProblem)) {
      lastProblem = words;
      log.warn("lines of the access log {} are lost: {}", path, words);
    }
  }

  private void closeStream() {
    try {
      out.close();
    } catch (IOException e) {
      complain(e);
    }
  }

  /// Waits until what is queued is written.
  @Override
  public void close() {
    isClosed = true;
    wake();
    boolean isInterrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
