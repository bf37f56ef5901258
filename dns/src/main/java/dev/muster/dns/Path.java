package dev.muster.dns;

import java.util.List;
import java.util.Set;
import org.xbill.DNS.Type;

/// What the labels of a name below the domain ask for.
sealed interface Path {

  /// Instances of a service.
  ///
  /// @param tag empty for all of them
  record OfService(String name, String tag) implements Path {}

  record OfNode(String name) implements Path {}

  /// An address that is spelled out in hexadecimal.
  record OfAddress(String digits) implements Path {}

  /// What a prepared query gives.
  ///
  /// @param query its name or id
  record OfQuery(String query) implements Path {}

  /// There is no such name, or it is another datacenter's, namespace's or peer's.
  record Nowhere() implements Path {}

  /// Words that say of what kind the labels before them are. The last four are of the service
  /// mesh, which there is none of: nothing is found below them.
  Set<String> KINDS = Set.of("service", "node", "query", "addr", "connect", "ingress", "virtual");

  /// Reads from the right, as Consul does: the last word that is a kind counts, so that tags and
  /// names may be such words, too.
  ///
  /// @param labels in lower case, without the domain
  /// @param type of the question: for SRV, `_name._tag` needs no `service` behind it
  static Path of(List<String> labels, int type, String datacenter) {
    if (labels.stream().anyMatch(label -> label.indexOf('\0') >= 0)) {
      return new Nowhere(); // no name has it, and the registry joins names by it
    }
    for (int i = labels.size() - 1; i >= 0; i--) {
      String label = labels.get(i);
      boolean isShort = type == Type.SRV && label.startsWith("_");
      if (isShort || KINDS.contains(label)) {
        if (!isHere(labels.subList(i + 1, labels.size()), datacenter)) {
          return new Nowhere();
        }
        return isShort ? service(labels.subList(0, i + 1)) : ofKind(label, labels.subList(0, i));
      }
    }
    return new Nowhere();
  }

  private static Path ofKind(String kind, List<String> parts) {
    if (parts.isEmpty()) {
      return new Nowhere();
    }
    return switch (kind) {
      case "service" -> service(parts);
      case "node" -> new OfNode(String.join(".", parts));
      case "query" -> new OfQuery(query(parts));
      case "addr" -> parts.size() == 1 ? new OfAddress(parts.getFirst()) : new Nowhere();
      default -> new Nowhere();
    };
  }

  private static Path service(List<String> parts) {
    if (parts.size() == 2 && parts.get(0).startsWith("_") && parts.get(1).startsWith("_")) {
      String tag = parts.get(1).substring(1); // RFC 2782: a protocol, where the tag stands
      return new OfService(parts.get(0).substring(1), tag.equals("tcp") ? "" : tag);
    }
    int last = parts.size() - 1;
    return new OfService(parts.get(last), String.join(".", parts.subList(0, last)));
  }

  private static String query(List<String> parts) {
    int last = parts.size() - 1;
    if (last >= 1 && parts.get(0).startsWith("_") && parts.get(last).startsWith("_")) {
      return String.join(".", parts.subList(0, last)).substring(1);
    }
    return String.join(".", parts);
  }

  /// `dc1`, or pairs in any order, such as `default.ns.default.ap.dc1.dc`.
  private static boolean isHere(List<String> labels, String datacenter) {
    if (labels.size() == 1) {
      return labels.getFirst().equals(datacenter);
    }
    if (labels.size() % 2 != 0 || labels.size() > 6) {
      return false;
    }
    for (int i = 0; i < labels.size(); i += 2) {
      String wanted =
          switch (labels.get(i + 1)) {
            case "dc" -> datacenter;
            case "ns", "ap" -> "default";
            default -> "";
          };
      if (!labels.get(i).equals(wanted)) {
        return false;
      }
    }
    return true;
  }
}
