package dev.muster.nginx.language;

import java.util.Optional;

/// Where a directive may stand: at the top of the file or in a block of this kind.
public enum Context {
  MAIN("main"),
  EVENTS("events"),
  HTTP("http"),
  SERVER("server"),
  LOCATION("location"),
  UPSTREAM("upstream"),
  SERVER_IF("server-if"),
  LOCATION_IF("location-if"),
  LIMIT_EXCEPT("limit_except"),
  STREAM("stream"),
  STREAM_SERVER("stream-server"),
  STREAM_UPSTREAM("stream-upstream"),
  MAIL("mail"),
  /// Entries of these are data: their first words are no directives.
  TYPES("types"),
  MAP("map"),
  GEO("geo"),
  SPLIT_CLIENTS("split_clients"),
  MATCH("match"),
  /// What is in the block of a directive that is not served is not looked at.
  IGNORED("ignored");

  private final String label;

  Context(String label) {
    this.label = label;
  }

  /// As it is written in `directives.txt`.
  public String label() {
    return label;
  }

  static Optional<Context> of(String label) {
    for (Context each : values()) {
      if (each.label.equals(label)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /// Whether the entries of the block are data instead of directives.
  boolean isFree() {
    return switch (this) {
      case TYPES, MAP, GEO, SPLIT_CLIENTS, MATCH, IGNORED -> true;
      default -> false;
    };
  }

  /// The context within the block of this directive here.
  Context inside(String directive) {
    return switch (directive) {
      case "events" -> EVENTS;
      case "http" -> HTTP;
      case "mail" -> MAIL;
      case "stream" -> STREAM;
      case "server" -> this == STREAM ? STREAM_SERVER : SERVER;
      case "upstream" -> this == STREAM ? STREAM_UPSTREAM : UPSTREAM;
      case "location" -> LOCATION;
      case "if" -> this == SERVER ? SERVER_IF : LOCATION_IF;
      case "limit_except" -> LIMIT_EXCEPT;
      case "types" -> TYPES;
      case "map" -> MAP;
      case "geo" -> GEO;
      case "split_clients" -> SPLIT_CLIENTS;
      case "match" -> MATCH;
      default -> IGNORED;
    };
  }
}
