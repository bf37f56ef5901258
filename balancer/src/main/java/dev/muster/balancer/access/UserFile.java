package dev.muster.balancer.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of `name:hash` lines, read again when it has changed. Blocks: not for loops. Thread-safe.
final class UserFile {
  private static final Logger log = LoggerFactory.getLogger(UserFile.class);
  private static final long BYTES_MAX = 4 << 20;

  private final Path path;
  private @Nullable Content content;

  /// What was read.
  ///
  /// @param state of the file then
  /// @param hashes by name
  /// @param isMissing whether there was no such file
  /// @param isUnreadable whether it could not be read
  record Content(
      Object state, Map<String, String> hashes, boolean isMissing, boolean isUnreadable) {}

  private record State(Object modified, long size, @Nullable Object key) {}

  UserFile(Path path) {
    this.path = path;
  }

  /// What is in it now.
  synchronized Content read() {
    Content known = content;
    Content next;
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      State state =
          new State(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
      if (known != null && known.state().equals(state)) {
        return known;
      }
      if (attributes.size() > BYTES_MAX) {
        throw new IOException("it has more than " + BYTES_MAX + " octets");
      }
      next =
          new Content(
              state, parse(Files.readString(path, StandardCharsets.ISO_8859_1)), false, false);
    } catch (NoSuchFileException e) {
      next = new Content("missing", Map.of(), true, false);
    } catch (IOException e) {
      next = new Content("unreadable " + e, Map.of(), false, true);
    }
    if (known == null || !known.state().equals(next.state())) {
      if (next.isMissing() || next.isUnreadable()) {
        log.error("auth_basic_user_file {} cannot be read: {}", path, next.state());
      }
      content = next;
      return next;
    }
    return known;
  }

  private static Map<String, String> parse(String text) {
    Map<String, String> hashes = new HashMap<>();
    text.lines()
        .forEach(
            line -> {
              String[] parts = line.split(":", 3);
              if (parts.length > 1 && !line.startsWith("#")) {
                hashes.putIfAbsent(parts[0], parts[1]);
              }
            });
    return Map.copyOf(hashes);
  }
}
