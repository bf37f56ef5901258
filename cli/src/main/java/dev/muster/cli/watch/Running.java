package dev.muster.cli.watch;

import dev.muster.cli.command.Child;
import dev.muster.cli.command.Terminal;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// Runs a command, which reads the state; the next change waits until it has ended.
record Running(Terminal terminal, List<String> command) implements Watch.Handler {
  private static final Duration GRACE = Duration.ofSeconds(5);

  Running {
    command = List.copyOf(command);
  }

  @Override
  public OptionalInt handle(long index, JsonNode state) throws InterruptedException {
    byte[] json = (state + "\n").getBytes(StandardCharsets.UTF_8);
    Child child =
        Child.start(
            terminal,
            command,
            Map.of("CONSUL_INDEX", Long.toUnsignedString(index)),
            Optional.of(new ByteArrayInputStream(json)));
    int code;
    try {
      code = child.await();
    } catch (InterruptedException e) {
      child.stop(GRACE);
      throw e;
    }
    if (code != 0) {
      terminal.err().println("Error executing handler: exit status " + code);
      return OptionalInt.of(Terminal.FAILED);
    }
    return OptionalInt.empty();
  }
}
