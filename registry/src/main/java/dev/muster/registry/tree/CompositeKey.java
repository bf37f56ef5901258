package dev.muster.registry.tree;

import java.util.Locale;

/// Keys of several parts, such as node and service id.
public final class CompositeKey {
  private CompositeKey() {}

  /// Joins the parts by NUL, which no name may contain; ends with NUL, so that it is the prefix of
  /// exactly the keys that continue these parts. In lower case: the names of nodes, services and
  /// checks are found without regard to case, as Consul's are.
  public static String of(String... parts) {
    StringBuilder key = new StringBuilder();
    for (String part : parts) {
      key.append(part.toLowerCase(Locale.ROOT)).append('\0');
    }
    return key.toString();
  }
}
