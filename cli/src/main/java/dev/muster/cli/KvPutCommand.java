package dev.muster.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `kv put`.
@Command(
    description = "Write a key.",
    footer = {
      "",
      "Examples:",
      "  muster kv put config/limit 5",
      "  muster kv put config/file @limits.json",
      "  echo 5 | muster kv put config/limit -",
      "  muster kv put -cas -modify-index=42 config/limit 6"
    })
final class KvPutCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = {"-cas", "--cas"},
      description = "Write only if the key is still at -modify-index (0: does not exist).")
  private boolean cas;

  @Option(
      names = {"-modify-index", "--modify-index"},
      paramLabel = "INDEX",
      description = "The index the key must have, for -cas.")
  private long modifyIndex;

  @Option(
      names = {"-flags", "--flags"},
      paramLabel = "NUMBER",
      description = "A number kept with the key.")
  private long flags;

  @Option(
      names = {"-base64", "--base64"},
      description = "The data is in base64.")
  private boolean base64;

  @Parameters(index = "0", paramLabel = "KEY")
  private String key = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DATA",
      description = "The value; @FILE for a file's content, - for standard input.")
  private String data = "";

  private final Program program;

  KvPutCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    String query = "?flags=" + Long.toUnsignedString(flags) + (cas ? "&cas=" + modifyIndex : "");
    ApiClient.Answer answer =
        agent
            .client(program)
            .put("/v1/kv/" + ApiClient.encode(key) + query, value())
            .orFail("writing the key");
    if (!answer.json().asBoolean()) {
      throw new CommandFailed("Error! Did not write to " + key + ": CAS failed");
    }
    program.out().println("Success! Data written to: " + key);
    return Program.OK;
  }

  private byte[] value() {
    try {
      byte[] bytes =
          data.equals("-")
              ? program.in().readAllBytes()
              : data.startsWith("@")
                  ? Files.readAllBytes(Path.of(data.substring(1)))
                  : data.getBytes(StandardCharsets.UTF_8);
      return base64 ? Base64.getMimeDecoder().decode(bytes) : bytes;
    } catch (NoSuchFileException e) {
      throw new CommandFailed("Error! Cannot read the data: there is no file " + e.getMessage());
    } catch (IOException e) {
      throw new CommandFailed("Error! Cannot read the data: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("Error! The data is not base64: " + e.getMessage());
    }
  }
}
