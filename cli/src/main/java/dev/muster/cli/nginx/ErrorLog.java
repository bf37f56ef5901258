package dev.muster.cli.nginx;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import dev.muster.nginx.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/// `error_log`: the program's messages in nginx's form, in files or on standard error. Each line is
/// one write to a file opened for appending, so that it can be read and moved meanwhile.
/// Thread-safe.
final class ErrorLog extends AppenderBase<ILoggingEvent> {
  /// nginx's levels; each lets through itself and those below it in this list.
  enum Severity {
    EMERG,
    ALERT,
    CRIT,
    ERROR,
    WARN,
    NOTICE,
    INFO,
    DEBUG;

    static Severity of(String word) {
      for (Severity each : values()) {
        if (each.label().equals(word)) {
          return each;
        }
      }
      return word.startsWith("debug_") ? DEBUG : ERROR;
    }

    String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");

  private record Place(Optional<Path> file, OutputStream out, Severity least) {}

  private final Layout layout;
  private final PrintStream terminal;
  private final long pid;
  private List<Place> places = List.of();

  ErrorLog(Layout layout, PrintStream terminal, long pid) {
    this.layout = layout;
    this.terminal = terminal;
    this.pid = pid;
  }

  /// Takes over what the program's parts log.
  void attach() {
    var all = (LoggerContext) LoggerFactory.getILoggerFactory();
    all.reset();
    setContext(all);
    start();
    Logger root = all.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(this);
    root.setLevel(Level.INFO);
    all.getLogger("io.netty").setLevel(Level.WARN);
  }

  /// Writes to the files of a configuration from now on, opening each afresh.
  ///
  /// @throws IOException naming the file that cannot be opened; then nothing has changed
  synchronized void open(List<Settings.ErrorLog> wanted) throws IOException {
    List<Place> opened = new ArrayList<>();
    try {
      for (Settings.ErrorLog each : wanted) {
        opened.add(place(each));
      }
      if (wanted.isEmpty()) {
        opened.add(place(new Settings.ErrorLog(layout.errorLog().toString(), "error")));
      }
    } catch (IOException e) {
      close(opened);
      throw e;
    }
    List<Place> before = places;
    places = opened;
    close(before);
  }

  private Place place(Settings.ErrorLog wanted) throws IOException {
    Optional<Path> file = layout.log(wanted.path());
    return new Place(
        file, file.isPresent() ? open(file.get()) : terminal, Severity.of(wanted.level()));
  }

  static OutputStream open(Path file) throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void close(List<Place> places) throws IOException {
    for (Place place : places) {
      if (place.file().isPresent()) {
        place.out().close();
      }
    }
  }

  /// Opens the files again by their names: they were moved away, usually.
  synchronized void reopen() throws IOException {
    List<Place> opened = new ArrayList<>();
    for (Place place : places) {
      OutputStream out = place.file().isPresent() ? open(place.file().get()) : place.out();
      opened.add(new Place(place.file(), out, place.least()));
    }
    List<Place> before = places;
    places = opened;
    close(before);
  }

  /// Writes a line of our own.
  synchronized void write(Severity severity, String message) {
    String line =
        "%s [%s] %d#%d: %s\n"
            .formatted(
                TIME.format(LocalDateTime.now(ZoneId.systemDefault())),
                severity.label(),
                pid,
                pid,
                message);
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    for (Place place : places) {
      if (severity.compareTo(place.least()) <= 0) {
        try {
          place.out().write(bytes);
          place.out().flush();
        } catch (IOException e) {
          addError("the error log cannot be written", e);
        }
      }
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    String cause = thrown == null ? "" : ": " + thrown.getClassName() + ": " + thrown.getMessage();
    write(severity(event.getLevel()), event.getFormattedMessage() + cause);
  }

  private static Severity severity(Level level) {
    if (level.isGreaterOrEqual(Level.ERROR)) {
      return Severity.ERROR;
    }
    if (level.isGreaterOrEqual(Level.WARN)) {
      return Severity.WARN;
    }
    return level.isGreaterOrEqual(Level.INFO) ? Severity.INFO : Severity.DEBUG;
  }
}
