package dev.muster.cli.kv;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Input;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `kv put`.
@Command(
    description = "Write a key, or take and give back the lock on it.",
    footer = {
      "",
      "Examples:",
      "  muster kv put config/limit 5",
      "  muster kv put config/file @limits.json",
      "  echo 5 | muster kv put config/limit -",
      "  muster kv put -cas -modify-index=42 config/limit 6",
      "  muster kv put -acquire -session=4ca8e74b-6350-7587-addf-a18084928f3c config/lock"
    })
final class PutCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(
      names = "-cas",
      description = "Write only if the key is still at -modify-index (0: does not exist).")
  private boolean cas;

  @Option(
      names = "-modify-index",
      paramLabel = "INDEX",
      converter = Key.Unsigned.class,
      description = "The index the key must have, for -cas.")
  private BigInteger modifyIndex = BigInteger.ZERO;

  @Option(
      names = "-flags",
      paramLabel = "NUMBER",
      converter = Key.Unsigned.class,
      description = "A number kept with the key.")
  private BigInteger flags = BigInteger.ZERO;

  @Option(names = "-base64", description = "The data is in base64.")
  private boolean base64;

  @Option(names = "-acquire", description = "Take the lock on the key for -session.")
  private boolean acquire;

  @Option(names = "-release", description = "Give the lock on the key back that -session has.")
  private boolean release;

  @Option(
      names = "-session",
      paramLabel = "ID",
      description = "The session, for -acquire and -release.")
  private String session = "";

  @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
  private String word = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DATA",
      description = "The value; @FILE for a file's content, - for standard input.")
  private String data = "";

  private final Terminal terminal;

  PutCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    checkOptions();
    String key = Key.named(word);
    Endpoint endpoint = Key.endpoint(key).with("flags", flags.toString());
    if (acquire) {
      endpoint.with("acquire", session);
    } else if (release) {
      endpoint.with("release", session);
    } else if (cas) {
      endpoint.with("cas", modifyIndex.toString());
    }
    boolean isDone =
        agent.client(terminal).put(endpoint, value()).orFail("writing the key").json().asBoolean();
    if (acquire) {
      return report(isDone, "Lock acquired on: " + key, "Did not acquire lock");
    }
    if (release) {
      return report(isDone, "Lock released on: " + key, "Did not release lock");
    }
    return report(isDone, "Data written to: " + key, "Did not write to " + key + ": CAS failed");
  }

  private void checkOptions() {
    if (acquire && release) {
      throw new CommandFailed("Error! Cannot specify both -acquire and -release");
    }
    if ((acquire || release) && session.isEmpty()) {
      throw new CommandFailed("Error! Missing -session (required with -acquire and -release)");
    }
    if ((acquire || release) && cas) {
      throw new CommandFailed("Error! -cas goes with neither -acquire nor -release");
    }
    if (!session.isEmpty() && !acquire && !release) {
      throw new CommandFailed("Error! -session needs -acquire or -release");
    }
    if (modifyIndex.signum() > 0 && !cas) {
      throw new CommandFailed("Error! Cannot specify -modify-index without -cas");
    }
  }

  private int report(boolean isDone, String success, String failure) {
    if (!isDone) {
      throw new CommandFailed("Error! " + failure);
    }
    terminal.print("Success! " + success);
    return Terminal.OK;
  }

  private byte[] value() {
    byte[] bytes = Input.read(terminal, data);
    try {
      return base64 ? Base64.getMimeDecoder().decode(bytes) : bytes;
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("Error! The data is not base64: " + e.getMessage());
    }
  }
}
