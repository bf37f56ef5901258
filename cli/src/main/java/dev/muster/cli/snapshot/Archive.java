package dev.muster.cli.snapshot;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.JsonText;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/// A snapshot file that was read to its end: a gzipped tar of `meta.json`, `state.bin` and
/// `SHA256SUMS`, which says what the other two must be.
///
/// @param meta what the servers say about it: `Index`, `Term`, `ID`, `Version`
/// @param stateBytes the length of the state
record Archive(JsonNode meta, long stateBytes) {
  private static final String META = "meta.json";
  private static final String STATE = "state.bin";
  private static final String SUMS = "SHA256SUMS";
  private static final int TEXT_BYTES_MAX = 1 << 20;

  /// Reads and verifies a file.
  ///
  /// @throws CommandFailed if it is no snapshot, is cut off or was changed
  static Archive read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        InputStream unzipped = new GZIPInputStream(in)) {
      return read(file, new Tar(unzipped));
    } catch (NoSuchFileException e) {
      throw new CommandFailed("Error opening snapshot file: there is no file " + file);
    } catch (EOFException e) {
      throw new CommandFailed("Error reading snapshot %s: it is cut off".formatted(file));
    } catch (IOException e) {
      throw new CommandFailed(
          "Error reading snapshot %s: it is no gzipped tar, or is damaged: %s"
              .formatted(file, e.getMessage()));
    }
  }

  private static Archive read(Path file, Tar tar) throws IOException {
    Map<String, String> sums = new LinkedHashMap<>();
    String meta = "";
    String expected = "";
    long stateBytes = 0;
    for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
      switch (entry.get().name()) {
        case META -> {
          byte[] text = tar.text(TEXT_BYTES_MAX);
          meta = new String(text, StandardCharsets.UTF_8);
          sums.put(META, hex(digest().digest(text)));
        }
        case STATE -> {
          MessageDigest digest = digest();
          tar.read(digest::update);
          stateBytes = entry.get().bytes();
          sums.put(STATE, hex(digest.digest()));
        }
        case SUMS -> expected = new String(tar.text(TEXT_BYTES_MAX), StandardCharsets.UTF_8);
        default ->
            throw new CommandFailed(
                "Error reading snapshot %s: it has a file %s that no snapshot has"
                    .formatted(file, entry.get().name()));
      }
    }
    check(file, sums, expected);
    return new Archive(JsonText.parse(meta, META), stateBytes);
  }

  private static void check(Path file, Map<String, String> sums, String expected) {
    for (String name : new String[] {META, STATE}) {
      if (!sums.containsKey(name) || !expected.contains(name)) {
        throw new CommandFailed(
            "Error reading snapshot %s: it lacks %s, or its sum in %s".formatted(file, name, SUMS));
      }
    }
    expected
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(
            line -> {
              String[] words = line.strip().split("\\s+\\*?", 2);
              if (words.length < 2 || !words[0].equalsIgnoreCase(sums.get(words[1]))) {
                throw new CommandFailed(
                    "Error reading snapshot %s: it was changed or damaged, its sums do not fit: %s"
                        .formatted(file, line));
              }
            });
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
