package dev.muster.cli.cluster;

import dev.muster.cli.command.Terminal;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;

/// `keygen`.
@Command(
    description = "Print a new key for 'encrypt': 32 random bytes in base64.",
    footer = {"", "Example:", "  muster keygen"})
final class KeygenCommand implements Callable<Integer> {
  private static final int KEY_BYTES = 32;

  private final Terminal terminal;
  private final RandomGenerator random;

  KeygenCommand(Terminal terminal, RandomGenerator random) {
    this.terminal = terminal;
    this.random = random;
  }

  @Override
  public Integer call() {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    terminal.print(Base64.getEncoder().encodeToString(key));
    return Terminal.OK;
  }
}
