package dev.muster.consul.snapshot;

import dev.muster.consul.form.Json;
import dev.muster.registry.BoundedInput;
import dev.muster.registry.Registry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/// A saved state as Consul packs it: `meta.json`, `state.bin` and the `SHA256SUMS` of both, in a
/// compressed `tar`.
final class Archive {
  private static final String META = "meta.json";
  private static final String STATE = "state.bin";
  private static final String SUMS = "SHA256SUMS";
  private static final int SMALL_BYTES_MAX = 1 << 20;
  private static final int AROUND_BYTES_MAX = 4 << 20;
  private static final int GZIP_HEADER_BYTES = 10;
  private static final int BUFFER_BYTES = 1 << 16;

  private Archive() {}

  /// A state that can be written, the same each time.
  interface State {
    void writeTo(OutputStream out) throws IOException;
  }

  /// What `meta.json` says.
  ///
  /// @param serverId the only one of the group that is named: it was asked
  record Meta(long index, long term, String serverId, String serverAddress, Instant taken) {
    private byte[] json(long stateBytes) {
      String id = "%d-%d-%d".formatted(term, index, taken.toEpochMilli());
      return Json.render(
          false,
          json -> {
            json.writeStartObject();
            json.writeNumberProperty("Version", 1);
            json.writeStringProperty("ID", id);
            json.writeNumberProperty("Index", index);
            json.writeNumberProperty("Term", term);
            json.writeObjectPropertyStart("Configuration");
            json.writeArrayPropertyStart("Servers");
            json.writeStartObject();
            json.writeNumberProperty("Suffrage", 0);
            json.writeStringProperty("ID", serverId);
            json.writeStringProperty("Address", serverAddress);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeNumberProperty("ConfigurationIndex", 1);
            json.writeNumberProperty("Size", stateBytes);
            json.writeEndObject();
          });
    }
  }

  /// Writes the state twice: the length of a file stands before it.
  static void write(OutputStream out, Meta meta, State state) throws IOException {
    var measured = new Measured(OutputStream.nullOutputStream());
    state.writeTo(measured);
    byte[] json = meta.json(measured.bytes());
    String sums = line(sum(json), META) + line(measured.sum(), STATE);
    var zip = new GZIPOutputStream(out, BUFFER_BYTES);
    long seconds = meta.taken().getEpochSecond();
    file(zip, META, json, seconds);
    Tar.write(zip, new Tar.Header(STATE, measured.bytes()), seconds);
    state.writeTo(zip);
    zip.write(new byte[Tar.padding(measured.bytes())]);
    file(zip, SUMS, sums.getBytes(StandardCharsets.US_ASCII), seconds);
    Tar.end(zip);
    zip.finish();
  }

  private static void file(OutputStream out, String name, byte[] bytes, long seconds)
      throws IOException {
    Tar.write(out, new Tar.Header(name, bytes.length), seconds);
    out.write(bytes);
    out.write(new byte[Tar.padding(bytes.length)]);
  }

  private static String line(String sum, String name) {
    return sum + "  " + name + "\n";
  }

  /// The state in an archive, compressed by gzip, once everything was found to be whole.
  ///
  /// @throws IOException if it is not; the message says why, in Consul's words
  static byte[] state(byte[] archive) throws IOException {
    return state(archive, Registry.savedBytesMax());
  }

  /// @param bytesMax of the state once it is unpacked: a small archive may hold very many
  static byte[] state(byte[] archive, long bytesMax) throws IOException {
    try (InputStream in = unzipped(archive, bytesMax)) {
      return read(in, bytesMax);
    } catch (ZipException | EOFException e) {
      throw new IOException("failed to read snapshot file: " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof EOFException ? "unexpected EOF" : String.valueOf(e.getMessage());
  }

  private static InputStream unzipped(byte[] archive, long bytesMax) throws IOException {
    if (archive.length < GZIP_HEADER_BYTES) {
      throw new IOException("failed to decompress snapshot: unexpected EOF");
    }
    try {
      var zip = new GZIPInputStream(new ByteArrayInputStream(archive), BUFFER_BYTES);
      return new BoundedInput(zip, bytesMax + AROUND_BYTES_MAX);
    } catch (ZipException e) {
      throw new IOException("failed to decompress snapshot: gzip: invalid header", e);
    }
  }

  private static byte[] read(InputStream in, long bytesMax) throws IOException {
    Map<String, String> found = new TreeMap<>();
    var state = new ByteArrayOutputStream();
    String sums = "";
    for (Optional<Tar.Header> next = Tar.read(in); next.isPresent(); next = Tar.read(in)) {
      Tar.Header file = next.get();
      switch (file.name()) {
        case META -> found.put(META, sum(small(in, file)));
        case STATE -> found.put(STATE, compress(in, file, state, bytesMax));
        case SUMS -> sums = new String(small(in, file), StandardCharsets.US_ASCII);
        default ->
            throw new IOException(
                "failed to read snapshot file: unexpected file \"%s\" in snapshot"
                    .formatted(file.name()));
      }
      in.skipNBytes(Tar.padding(file.bytes()));
    }
    // Reading to the end makes gzip check its own sum; what tar pads with is short.
    if (in.readNBytes(BUFFER_BYTES).length == BUFFER_BYTES) {
      throw new IOException("failed to read snapshot file: unread uncompressed bytes remain");
    }
    checkSums(sums, found);
    return state.toByteArray();
  }

  private static byte[] small(InputStream in, Tar.Header file) throws IOException {
    if (file.bytes() > SMALL_BYTES_MAX) {
      throw new IOException(
          "failed to read snapshot file: %s is longer than %d bytes"
              .formatted(file.name(), SMALL_BYTES_MAX));
    }
    byte[] bytes = in.readNBytes((int) file.bytes());
    if (bytes.length < file.bytes()) {
      throw new EOFException();
    }
    return bytes;
  }

  /// @return the sum of the state
  private static String compress(
      InputStream in, Tar.Header file, ByteArrayOutputStream state, long bytesMax)
      throws IOException {
    if (file.bytes() > bytesMax) {
      throw new IOException(
          "failed to read snapshot file: %s is longer than %d bytes"
              .formatted(file.name(), bytesMax));
    }
    state.reset();
    var zip = new GZIPOutputStream(state, BUFFER_BYTES);
    var measured = new Measured(zip);
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = file.bytes();
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (count < 0) {
        throw new EOFException();
      }
      measured.write(buffer, 0, count);
      left -= count;
    }
    zip.finish();
    return measured.sum();
  }

  private static void checkSums(String sums, Map<String, String> found) throws IOException {
    String failed = "failed to read snapshot file: failed checking integrity of snapshot: ";
    Map<String, String> listed = new TreeMap<>();
    for (String line : sums.split("\n", -1)) {
      String[] parts = line.split(" +", 2);
      if (parts.length == 2) {
        listed.put(parts[1], parts[0]);
      }
    }
    for (String name : new String[] {META, STATE}) {
      if (!listed.containsKey(name) || !found.containsKey(name)) {
        throw new IOException(failed + "file missing for \"" + name + "\"");
      }
      if (!listed.get(name).equals(found.get(name))) {
        throw new IOException(failed + "hash check failed for \"" + name + "\"");
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String sum(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /// Counts and sums what passes.
  private static final class Measured extends OutputStream {
    private final MessageDigest digest = sha256();
    private final OutputStream out;
    private long bytes;

    Measured(OutputStream out) {
      this.out = new DigestOutputStream(out, digest);
    }

    long bytes() {
      return bytes;
    }

    String sum() {
      return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
      bytes++;
    }

    @Override
    public void write(byte[] some, int from, int length) throws IOException {
      out.write(some, from, length);
      bytes += length;
    }
  }
}
