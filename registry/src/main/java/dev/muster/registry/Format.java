package dev.muster.registry;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// How commands and snapshots are written: JSON, a snapshot as one object per line. Members are
/// named, so later versions may add some; an unknown one is refused, because a server that skipped
/// a part of a command would no longer hold what the others hold.
final class Format {
  private static final int VERSION = 1;

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
  record Header(String format, int version, Tables.Marks marks) {}

  /// Any other line of a snapshot: exactly one member is set.
  record Line(
      @Nullable Node node,
      @Nullable Service service,
      @Nullable Check check,
      @Nullable KeyEntry key,
      @Nullable Mark serviceIndex,
      @Nullable Mark tombstone) {}

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
      line(out, new Header("muster-registry", VERSION, tables.marks()));
      for (Node node : tables.nodes().under("")) {
        line(out, new Line(node, null, null, null, null, null));
      }
      for (Service service : tables.services().under("")) {
        line(out, new Line(null, service, null, null, null, null));
      }
      for (Check check : tables.checks().under("")) {
        line(out, new Line(null, null, check, null, null, null));
      }
      for (KeyEntry key : tables.keys().under("")) {
        line(out, new Line(null, null, null, key, null, null));
      }
      for (Mark mark : marks(tables.serviceIndexes())) {
        line(out, new Line(null, null, null, null, mark, null));
      }
      for (Mark mark : marks(tables.tombstones())) {
        line(out, new Line(null, null, null, null, null, mark));
      }
    } catch (JacksonException e) {
      throw new IOException("the registry's snapshot cannot be written: " + e.getMessage(), e);
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
      var loading = new Loading(header.marks());
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
