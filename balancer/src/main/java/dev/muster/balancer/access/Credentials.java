package dev.muster.balancer.access;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Names and passwords checked against files, off the loops. What was right is remembered for a
/// second, so that a slow hash costs a client once and a changed file is noticed soon. Thread-safe.
public final class Credentials {
  /// What came out.
  public enum Outcome {
    /// The password is the one in the file.
    RIGHT,
    /// It is not, or no such name is there.
    WRONG,
    /// There is no such file.
    NO_FILE,
    /// The file cannot be read.
    UNREADABLE,
    /// Too many passwords are being checked.
    BUSY
  }

  private static final int FILES_MAX = 64;
  private static final int KEPT_MAX = 1024;
  private static final int WAITING_MAX = 1024;
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Executor executor;
  private final Semaphore permits;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Map<String, UserFile> files = new ConcurrentHashMap<>();
  private final Map<Key, Kept> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Kept> eldest) {
          return size() > KEPT_MAX;
        }
      };

  private record Key(String file, String name, String password) {
    @Override
    public String toString() {
      return "credentials of " + name;
    }
  }

  private record Kept(String hash, long checkedNanos) {}

  /// Checks on threads of the executor, so many at a time.
  public Credentials(Executor executor, int atOnce) {
    this.executor = executor;
    this.permits = new Semaphore(atOnce);
  }

  /// Whether this was found right a moment ago. For loops.
  public boolean isKnown(String file, String name, String password, long nowNanos) {
    synchronized (kept) {
      Kept found = kept.get(new Key(file, name, password));
      return found != null && nowNanos - found.checkedNanos() < FRESH_NANOS;
    }
  }

  /// Checks on another thread, on which it also says what came out.
  public void check(
      String file, String name, String password, long nowNanos, Consumer<Outcome> then) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      then.accept(Outcome.BUSY);
      return;
    }
    executor.execute(
        () -> {
          permits.acquireUninterruptibly();
          Outcome outcome;
          try {
            outcome = check(new Key(file, name, password), nowNanos);
          } catch (InvalidPathException e) {
            outcome = Outcome.UNREADABLE;
          } finally {
            permits.release();
            waiting.decrementAndGet();
          }
          then.accept(outcome);
        });
  }

  private Outcome check(Key key, long nowNanos) {
    UserFile.Content content = file(key.file()).read();
    if (content.isMissing() || content.isUnreadable()) {
      return content.isMissing() ? Outcome.NO_FILE : Outcome.UNREADABLE;
    }
    @Nullable String hash = content.hashes().get(key.name());
    if (hash == null) {
      return Outcome.WRONG;
    }
    boolean isRight;
    synchronized (kept) {
      Kept found = kept.get(key);
      isRight = found != null && found.hash().equals(hash);
    }
    isRight = isRight || Passwords.matches(key.password(), hash);
    if (isRight) {
      synchronized (kept) {
        kept.put(key, new Kept(hash, nowNanos));
      }
    }
    return isRight ? Outcome.RIGHT : Outcome.WRONG;
  }

  private UserFile file(String path) {
    if (files.size() >= FILES_MAX && !files.containsKey(path)) {
      files.clear();
    }
    return files.computeIfAbsent(path, it -> new UserFile(Path.of(it)));
  }
}
