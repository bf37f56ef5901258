package dev.muster.dns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.Name;

/// Names of DNS, made of and taken apart into plain text. A label is its bytes, UTF-8 where they
/// are text: nothing in it is escaped.
final class DnsName {
  private static final int LABEL_BYTES_MAX = 63;
  private static final int NAME_BYTES_MAX = 255;

  private DnsName() {}

  /// The labels below a suffix, in lower case.
  static List<String> labelsBelow(Name name, Name suffix) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < name.labels() - suffix.labels(); i++) {
      byte[] label = name.getLabel(i); // its first byte is its length
      labels.add(
          new String(label, 1, label.length - 1, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT));
    }
    return labels;
  }

  /// The name with these labels in front of the suffix; dots within them separate labels, too.
  /// Empty if that cannot be a name in DNS.
  static Optional<Name> of(Name suffix, String... labels) {
    var bytes = new ByteArrayOutputStream();
    for (String dotted : labels) {
      for (String label : dotted.split("\\.", -1)) {
        byte[] text = label.getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > LABEL_BYTES_MAX) {
          return Optional.empty();
        }
        bytes.write(text.length);
        bytes.writeBytes(text);
      }
    }
    bytes.writeBytes(suffix.toWire());
    if (bytes.size() > NAME_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Name(bytes.toByteArray()));
    } catch (IOException e) {
      throw new IllegalStateException("labels that were measured are no name", e);
    }
  }

  /// A host's name as people write it, with or without the dot at its end.
  static Optional<Name> ofHost(String host) {
    String text = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return of(Name.root, text);
  }

  /// A domain in the form that is kept: lower case, with a dot at its end.
  ///
  /// @throws IllegalArgumentException if it cannot be a name in DNS
  static String domain(String text) {
    return ofHost(text.toLowerCase(Locale.ROOT))
        .map(Name::toString)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"%s\" is not a domain: its labels, between the dots, must have 1 to 63 bytes"
                        .formatted(text)));
  }
}
