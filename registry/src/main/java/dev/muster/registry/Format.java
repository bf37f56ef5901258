package dev.muster.registry;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.keys.Keys;
import dev.muster.registry.session.LockDelay;
import dev.muster.registry.session.Session;
import dev.muster.registry.session.Sessions;
import dev.muster.registry.tree.RadixTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// How commands and snapshots are written: JSON, a snapshot as one object per line. Members are
/// named, so later versions may add some; an unknown one is refused, because a server that skipped
/// a part of a command would no longer hold what the others hold.
final class Format {
  private static final String FORMAT = "muster-registry";
  private static final int VERSION = 2;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultVisibility(
              visibility ->
                  visibility
                      .withGetterVisibility(Visibility.NONE)
                      .withIsGetterVisibility(Visibility.NONE)
                      .withFieldVisibility(Visibility.ANY))
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Format() {}

  /// The first line of a snapshot.
  ///
  /// @param sessions null in one that was written before there were any
  record Header(
      String format,
      int version,
      long index,
      Catalog.Marks catalog,
      Keys.Marks keys,
      Sessions.@Nullable Marks sessions) {}

  /// Any other line of a snapshot: exactly one member is set.
  record Line(
      @Nullable Node node,
      @Nullable Service service,
      @Nullable Check check,
      @Nullable KeyEntry key,
      @Nullable Mark serviceIndex,
      @Nullable Mark tombstone,
      @Nullable Session session,
      @Nullable LockDelay lockDelay) {}

  record Mark(String key, long index) {}

  static byte[] encode(Command command) {
    return MAPPER.writeValueAsBytes(command);
  }

  /// Throws if the bytes are no command of this version.
  static Command decode(byte[] bytes) {
    return MAPPER.readValue(bytes, Command.class);
  }

  static void write(Tables tables, OutputStream out) throws IOException {
    try {
      Catalog catalog = tables.catalog();
      Keys keys = tables.keys();
      Sessions sessions = tables.sessions();
      line(
          out,
          new Header(
              FORMAT, VERSION, tables.index(), catalog.marks(), keys.marks(), sessions.marks()));
      lines(out, "node", catalog.nodes());
      lines(out, "service", catalog.services());
      lines(out, "check", catalog.checks());
      lines(out, "key", keys.entries());
      for (Mark mark : marks(catalog.serviceIndexes())) {
        line(out, Map.of("serviceIndex", mark));
      }
      for (Mark mark : marks(keys.tombstones())) {
        line(out, Map.of("tombstone", mark));
      }
      lines(out, "session", sessions.byId());
      lines(out, "lockDelay", sessions.lockDelays());
    } catch (JacksonException e) {
      throw new IOException("the registry's snapshot cannot be written: " + e.getMessage(), e);
    }
  }

  private static void lines(OutputStream out, String member, RadixTree<?> tree) throws IOException {
    for (Object value : tree.under("")) {
      line(out, Map.of(member, value));
    }
  }

  private static List<Mark> marks(RadixTree<Long> tree) {
    List<Mark> marks = new ArrayList<>(tree.size());
    tree.forEachUnder("", (key, index) -> marks.add(new Mark(key, index)));
    return marks;
  }

  private static void line(OutputStream out, Object value) throws IOException {
    out.write(MAPPER.writeValueAsBytes(value));
    out.write('\n');
  }

  static Tables read(InputStream in) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    int number = 1;
    try {
      String first = reader.readLine();
      if (first == null) {
        throw new IOException("the registry's snapshot is empty");
      }
      Header header = MAPPER.readValue(first, Header.class);
      if (header.version() != VERSION) {
        throw new IOException(
            "the registry's snapshot has format version %d, this program reads %d"
                .formatted(header.version(), VERSION));
      }
      var loading = new Loading(header);
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        number++;
        loading.add(MAPPER.readValue(text, Line.class));
      }
      return loading.tables();
    } catch (JacksonException e) {
      throw new IOException(
          "line %d of the registry's snapshot: %s".formatted(number, e.getOriginalMessage()), e);
    }
  }
}
