package dev.muster.agent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import dev.muster.consul.agent.LogLines;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/// Hands the lines of the log to those who follow it through the API. A follower may want more than
/// the log's level: then our own code's lines are made for it, and the log's other places still
/// leave them out.
final class LogFollowers implements LogLines, AutoCloseable {
  private static final int FOLLOWERS_MAX = 16;
  private static final int LINES_MAX = 512;
  private static final String OURS = "dev.muster.";

  private final LoggerContext context;
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final Copying copying = new Copying();
  private final Widening widening = new Widening();

  private LogFollowers(LoggerContext context) {
    this.context = context;
  }

  static LogFollowers attach() {
    LogFollowers tail = new LogFollowers((LoggerContext) LoggerFactory.getILoggerFactory());
    Logger root = tail.context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    for (Iterator<Appender<ILoggingEvent>> it = root.iteratorForAppenders(); it.hasNext(); ) {
      it.next().addFilter(new AsConfigured(tail.context));
    }
    tail.copying.setContext(tail.context);
    tail.copying.start();
    tail.widening.setContext(tail.context);
    tail.widening.start();
    root.addAppender(tail.copying);
    tail.context.addTurboFilter(tail.widening);
    return tail;
  }

  @Override
  public Optional<Following> follow(LogLines.Severity level, boolean asJson) {
    Follower follower = new Follower(levelOf(level), Logging.encoder(context, asJson));
    synchronized (followers) {
      if (followers.size() >= FOLLOWERS_MAX) {
        return Optional.empty();
      }
      followers.add(follower);
    }
    return Optional.of(follower);
  }

  private static Level levelOf(LogLines.Severity level) {
    return switch (level) {
      case TRACE -> Level.TRACE;
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }

  @Override
  public void close() {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAppender(copying);
    context.getTurboFilterList().remove(widening);
  }

  private final class Follower implements Following {
    private final Level level;
    private final Encoder<ILoggingEvent> encoder;
    private final BlockingQueue<ILoggingEvent> events = new ArrayBlockingQueue<>(LINES_MAX);
    private final AtomicLong dropped = new AtomicLong();

    Follower(Level level, Encoder<ILoggingEvent> encoder) {
      this.level = level;
      this.encoder = encoder;
    }

    void offer(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(level) && !events.offer(event)) {
        dropped.incrementAndGet();
      }
    }

    @Override
    public String next() throws InterruptedException {
      long lost = dropped.getAndSet(0);
      if (lost > 0) {
        return "%d lines are missing here: the log is written faster than it is read\n"
            .formatted(lost);
      }
      return new String(encoder.encode(events.take()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      followers.remove(this);
      encoder.stop();
    }
  }

  /// Gives each event to all who follow.
  private final class Copying extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      if (!followers.isEmpty()) {
        event.prepareForDeferredProcessing();
        followers.forEach(follower -> follower.offer(event));
      }
    }
  }

  /// Lets our own events through that a follower wants, whatever the level of the log.
  private final class Widening extends TurboFilter {
    @Override
    public FilterReply decide(
        @Nullable Marker marker,
        Logger logger,
        Level level,
        @Nullable String format,
        Object @Nullable [] parameters,
        @Nullable Throwable failure) {
      for (Follower follower : followers) {
        if (level.isGreaterOrEqual(follower.level) && logger.getName().startsWith(OURS)) {
          return FilterReply.ACCEPT;
        }
      }
      return FilterReply.NEUTRAL;
    }
  }

  /// Keeps what was only made for a follower out of the log's other places.
  private static final class AsConfigured extends Filter<ILoggingEvent> {
    private final LoggerContext levels;

    AsConfigured(LoggerContext levels) {
      this.levels = levels;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
      Level configured = levels.getLogger(event.getLoggerName()).getEffectiveLevel();
      return event.getLevel().isGreaterOrEqual(configured) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
  }
}
