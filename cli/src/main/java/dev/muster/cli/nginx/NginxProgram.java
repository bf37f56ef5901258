package dev.muster.cli.nginx;

import dev.muster.cli.command.Terminal;
import dev.muster.nginx.NginxFile;
import dev.muster.nginx.compile.Place;
import dev.muster.nginx.language.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// The program under the name `nginx`, as far as scripts and tools that drive nginx can tell.
public final class NginxProgram {
  /// The release whose command line and language this stands in for.
  static final String RELEASE = "1.28.0";

  private static final String CONFIGURED =
      "configure arguments: --with-http_realip_module --with-http_auth_request_module"
          + " --with-http_stub_status_module --without-http-cache"
          + " --without-http_autoindex_module --without-http_browser_module"
          + " --without-http_charset_module --without-http_fastcgi_module"
          + " --without-http_grpc_module --without-http_memcached_module"
          + " --without-http_scgi_module --without-http_ssi_module"
          + " --without-http_userid_module --without-http_uwsgi_module"
          + " --without-http_tunnel_module";

  private static final List<String> HELP =
      List.of(
          "Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]",
          "             [-e filename] [-c filename] [-g directives]",
          "",
          "Options:",
          "  -?,-h         : this help",
          "  -v            : print the version",
          "  -V            : print the version and what it has",
          "  -t            : test the configuration",
          "  -T            : test the configuration and print it",
          "  -q            : say only what is wrong while testing",
          "  -s signal     : tell the running one: stop, quit, reopen, reload",
          "  -p prefix     : what paths in the configuration are relative to",
          "  -e filename   : where messages go at first (stderr for the terminal)",
          "  -c filename   : the configuration",
          "  -g directives : directives outside of the configuration",
          "");

  private final Terminal terminal;
  private final String version;
  private final Host host;

  /// What the launcher said of this process.
  ///
  /// @param launcher by which it was started, for starting it again
  /// @param hasSignals whether it blocked the signals, so that all can be heard
  public record Host(Path launcher, boolean hasSignals) {}

  /// @param version of Muster
  public NginxProgram(Terminal terminal, String version, Host host) {
    this.terminal = terminal;
    this.version = version;
    this.host = host;
  }

  /// Does what a command line says; returns the exit code.
  public int run(String... arguments) {
    try {
      Invocation invocation = Invocation.of(List.of(arguments));
      Layout layout = Layout.of(invocation);
      return switch (invocation.action()) {
        case Invocation.Action.Version(boolean isLong, boolean isHelp) -> version(isLong, isHelp);
        case Invocation.Action.Test(boolean isDumped) -> test(invocation, layout, isDumped);
        case Invocation.Action.Tell(String word) -> tell(word, invocation, layout);
        case Invocation.Action.Run _ -> serve(invocation, layout, List.of(arguments));
      };
    } catch (Invocation.Misused e) {
      return fail("", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return fail("[emerg] ", reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Terminal.FAILED;
    }
  }

  private int fail(String level, String message) {
    terminal.err().println("nginx: " + level + message);
    return Terminal.FAILED;
  }

  /// nginx's words for the usual reasons.
  static String reason(IOException e) {
    return e instanceof NoSuchFileException missing
        ? "open() \"" + missing.getFile() + "\" failed (2: No such file or directory)"
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private int version(boolean isLong, boolean isHelp) {
    terminal.err().println("nginx version: nginx/" + RELEASE + " (Muster " + version + ")");
    if (isHelp) {
      HELP.forEach(terminal.err()::println);
    }
    if (isLong) {
      terminal.err().println("built with Java " + Runtime.version());
      terminal.err().println(CONFIGURED);
    }
    return Terminal.OK;
  }

  /// Reads the configuration that the command line names.
  static NginxFile read(Invocation invocation, Layout layout) {
    return NginxFile.read(
        layout.file(), Place.of(layout.prefix(), hostname()), invocation.directives());
  }

  static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private int test(Invocation invocation, Layout layout, boolean isDumped) throws IOException {
    openEarlyLog(layout).close();
    NginxFile read = read(invocation, layout);
    boolean isValid = new Verdict(read, layout.file()).print(terminal.err(), invocation.isQuiet());
    if (isValid && isDumped) {
      for (Source source : read.sources()) {
        terminal.out().print("# configuration file " + source.file() + ":\n" + source.text());
        terminal.out().print("\n");
      }
    }
    return isValid ? Terminal.OK : Terminal.FAILED;
  }

  /// Where messages go before the configuration says so; a log that cannot be opened is told of.
  private OutputStream openEarlyLog(Layout layout) {
    if (layout.isErrorLogTerminal()) {
      return OutputStream.nullOutputStream();
    }
    try {
      return ErrorLog.open(layout.errorLog());
    } catch (IOException e) {
      terminal.err().println("nginx: [alert] could not open error log file: " + reason(e));
      return OutputStream.nullOutputStream();
    }
  }

  private int tell(String word, Invocation invocation, Layout layout)
      throws IOException, InterruptedException {
    openEarlyLog(layout).close();
    NginxFile read = read(invocation, layout);
    new Verdict(read, layout.file()).printProblems(terminal.err());
    if (!read.isValid()) {
      return Terminal.FAILED;
    }
    Path file = layout.pidFile(read.settings());
    if (!Files.exists(file)) {
      return fail("[error] ", "open() \"" + file + "\" failed (2: No such file or directory)");
    }
    String text = Files.readString(file).strip();
    OptionalLong pid = PidFile.read(text);
    if (pid.isEmpty()) {
      return fail("[error] ", "invalid PID number \"" + text + "\" in \"" + file + "\"");
    }
    String signal =
        switch (word) {
          case "stop" -> "TERM";
          case "quit" -> host.hasSignals() ? "QUIT" : "URG";
          case "reopen" -> "USR1";
          default -> "HUP";
        };
    int code =
        new ProcessBuilder("kill", "-s", signal, "--", Long.toString(pid.getAsLong()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    return code == 0
        ? Terminal.OK
        : fail("[alert] ", "kill(" + pid.getAsLong() + ", " + signal + ") failed: no such process");
  }

  private int serve(Invocation invocation, Layout layout, List<String> arguments)
      throws IOException, InterruptedException {
    openEarlyLog(layout).close();
    NginxFile read = read(invocation, layout);
    new Verdict(read, layout.file()).printProblems(terminal.err());
    if (!read.isValid()) {
      return Terminal.FAILED;
    }
    var daemon = new Daemon(terminal, host.launcher());
    if (read.settings().isDaemon() && !daemon.isDetached() && !Successor.isOne(terminal)) {
      return daemon.start(arguments);
    }
    var service = new Service(terminal, invocation, layout, host, arguments, read.settings());
    return service.run(read, daemon);
  }
}
