package dev.muster.agent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.muster.agent.config.AgentConfig;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/// Where log lines go. Set in code: reading a file would cost start-up time and be one more place.
public final class Logging {
  /// Libraries that tell of their inner life at `info`.
  private static final List<String> CHATTY = List.of("org.apache.ratis", "io.netty");

  /// What these log with a stack trace ends the start, which then tells the same in a sentence.
  private static final List<String> TOLD_BY_US =
      List.of("org.apache.ratis.grpc.server.GrpcServicesImpl", "org.apache.ratis.util.LifeCycle");

  private Logging() {}

  /// Sends everything from `level` up to standard output.
  public static void configure(AgentConfig.Log log) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Encoder<ILoggingEvent> encoder = encoder(context, log.isJson());
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder);
    console.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(console);
    level(log.level());
  }

  /// Sends everything from `word` up, and nothing below.
  static void level(String word) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Level level = word.equals("err") ? Level.ERROR : Level.toLevel(word.toUpperCase(Locale.ROOT));
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(level);
    Level quiet = level.isGreaterOrEqual(Level.INFO) ? Level.WARN : level;
    CHATTY.forEach(name -> context.getLogger(name).setLevel(quiet));
    Level told = quiet == Level.WARN ? Level.OFF : quiet;
    TOLD_BY_US.forEach(name -> context.getLogger(name).setLevel(told));
  }

  /// Writes an event as a line, in the log's two forms.
  static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean asJson) {
    EncoderBase<ILoggingEvent> encoder = asJson ? new JsonEncoder() : pattern();
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static PatternLayoutEncoder pattern() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} [%level] %logger{0}: %msg%n");
    return encoder;
  }
}
