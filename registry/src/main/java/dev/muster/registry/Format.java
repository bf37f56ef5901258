package dev.muster.registry;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.muster.registry.autopilot.Autopilot;
import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.entry.Kept;
import dev.muster.registry.entry.Kind;
import dev.muster.registry.event.Event;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.keys.Keys;
import dev.muster.registry.query.PreparedQuery;
import dev.muster.registry.session.LockDelay;
import dev.muster.registry.session.Session;
import dev.muster.registry.session.Sessions;
import dev.muster.registry.tree.RadixTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// How commands and snapshots are written: JSON, a snapshot as one object per line. Members are
/// named, so later versions may add some; an unknown one is refused, because a server that skipped
/// a part of a command would no longer hold what the others hold.
final class Format {
  private static final String FORMAT = "muster-registry";
  private static final int VERSION = 2;

  /// Beyond what a command can hold: what was accepted is also written, and read again.
  private static final int NESTING_MAX = 5000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(NESTING_MAX)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(100_000)
                          .build())
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder().maxNestingDepth(NESTING_MAX).build())
                  .build())
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
  /// What is null was not yet there when it was written.
  record Header(
      String format,
      int version,
      long index,
      Catalog.Marks catalog,
      Keys.Marks keys,
      Sessions.@Nullable Marks sessions,
      @Nullable Long events,
      @Nullable Long queries,
      @Nullable Map<Kind, Long> entries,
      @Nullable Autopilot autopilot) {}

  /// Any other line of a snapshot: exactly one member is set.
  // Cap lifted: it is a choice of one, written as Jackson reads it without a member for the kind.
  record Line(
      @Nullable Node node,
      @Nullable Service service,
      @Nullable Check check,
      @Nullable KeyEntry key,
      @Nullable Mark serviceIndex,
      @Nullable Mark tombstone,
      @Nullable Session session,
      @Nullable LockDelay lockDelay,
      @Nullable Event event,
      @Nullable PreparedQuery query,
      @Nullable Kept entry,
      @Nullable Part incoming) {

    static Line of(Check check) {
      return new Line(null, null, check, null, null, null, null, null, null, null, null, null);
    }
  }

  record Mark(String key, long index) {}

  /// A part of a restore that was under way.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(String id, int number, byte[] bytes, long index) {}

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
      line(out, header(tables));
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
      lines(out, "event", tables.events().kept());
      lines(out, "query", tables.queries().byId());
      lines(out, "entry", tables.entries().byKindAndName());
      Incoming incoming = tables.incoming();
      for (int number = 0; number < incoming.parts().size(); number++) {
        byte[] bytes = incoming.parts().get(number);
        line(out, Map.of("incoming", new Part(incoming.id(), number, bytes, incoming.index())));
      }
    } catch (JacksonException e) {
      throw new IOException("the registry's snapshot cannot be written: " + e.getMessage(), e);
    }
  }

  private static Header header(Tables tables) {
    return new Header(
        FORMAT,
        VERSION,
        tables.index(),
        tables.catalog().marks(),
        tables.keys().marks(),
        tables.sessions().marks(),
        tables.events().time(),
        tables.queries().index(),
        tables.entries().indexes(),
        tables.autopilot());
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

  /// Reads what a server wrote itself.
  static Tables read(InputStream in) throws IOException {
    return read(in, false);
  }

  /// Reads what somebody sent, who may have written anything.
  static Tables readSent(InputStream in) throws IOException {
    return read(in, true);
  }

  private static Tables read(InputStream in, boolean isSent) throws IOException {
    var lines = new SnapshotLines(in);
    int number = 1;
    try {
      String first = lines.next();
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
      Sound sound = isSent ? new Sound(header.index()) : null;
      for (String text = lines.next(); text != null; text = lines.next()) {
        number++;
        Line line = MAPPER.readValue(text, Line.class);
        if (sound != null) {
          sound.whole(line);
        }
        loading.add(sound == null ? line : Sent.distrusted(line));
      }
      Tables tables = loading.tables();
      if (sound != null) {
        sound.whole(tables.autopilot());
        sound.fits(tables);
      }
      return tables;
    } catch (JacksonException e) {
      String reason = e.getOriginalMessage();
      throw new IOException("line %d of the registry's snapshot: %s".formatted(number, reason), e);
    } catch (RuntimeException e) {
      // Nothing that a file says may get into the state machine as a failure.
      String reason = e.getMessage() == null ? "it says what cannot be" : e.getMessage();
      throw new IOException("line %d of the registry's snapshot: %s".formatted(number, reason), e);
    }
  }
}
