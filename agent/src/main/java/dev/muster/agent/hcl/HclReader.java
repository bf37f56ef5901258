package dev.muster.agent.hcl;

import java.util.ArrayList;
import java.util.List;

/// Reads HCL of version 1: `key = value`, `key { … }`, `key "label" { … }`; members and elements
/// may be separated by commas, a block may stand on one line.
final class HclReader {
  private static final int DEPTH_MAX = 100;

  private final HclScanner scanner;
  private Token token;

  HclReader(String source, String text) {
    scanner = new HclScanner(source, text);
    token = new Token.End(Place.of(source));
  }

  Value.Group read() throws Malformed {
    advance();
    List<Value.Member> members = members(0);
    if (!(token instanceof Token.End)) {
      throw unexpected("a key");
    }
    return new Value.Group(members, new Place(token.place().source(), 1, 1));
  }

  private void advance() throws Malformed {
    token = scanner.next();
  }

  private boolean isAt(char sign) {
    return token instanceof Token.Sign(char found, Place _) && found == sign;
  }

  private Malformed unexpected(String wanted) {
    return new Malformed(
        token.place(), "expected %s, found %s".formatted(wanted, token.described()));
  }

  private List<Value.Member> members(int depth) throws Malformed {
    List<Value.Member> members = new ArrayList<>();
    while (!isAt('}') && !(token instanceof Token.End)) {
      members.add(member(depth));
      if (isAt(',')) {
        advance();
      }
    }
    return members;
  }

  private record Key(String name, Place place) {}

  private Value.Member member(int depth) throws Malformed {
    List<Key> keys = new ArrayList<>();
    while (!isAt('=') && !isAt('{')) {
      keys.add(key(keys));
    }
    if (keys.isEmpty()) {
      throw unexpected("a key");
    }
    if (isAt('=') && keys.size() > 1) {
      throw new Malformed(
          token.place(),
          "expected a key's one name before =, found %d: a block with labels has no ="
              .formatted(keys.size()));
    }
    if (isAt('=')) {
      advance();
    }
    Value value = value(depth + keys.size());
    for (Key label : keys.subList(1, keys.size()).reversed()) {
      value =
          new Value.Group(
              List.of(new Value.Member(label.name(), label.place(), value)), label.place());
    }
    return new Value.Member(keys.getFirst().name(), keys.getFirst().place(), value);
  }

  private Key key(List<Key> before) throws Malformed {
    Key key =
        switch (token) {
          case Token.Name(String name, Place place) -> new Key(name, place);
          case Token.Text(String text, boolean isHeredoc, Place place) when !isHeredoc ->
              new Key(text, place);
          case Token.Text _, Token.Numeral _, Token.Sign _, Token.End _ ->
              throw unexpected(
                  before.isEmpty() ? "a key" : "= or { after " + before.getFirst().name());
        };
    if (before.size() == DEPTH_MAX) {
      throw new Malformed(key.place(), "more than " + DEPTH_MAX + " labels");
    }
    advance();
    return key;
  }

  private Value value(int depth) throws Malformed {
    Place place = token.place();
    if (depth > DEPTH_MAX) {
      throw new Malformed(place, "nested deeper than " + DEPTH_MAX);
    }
    Value value =
        switch (token) {
          case Token.Text(String text, boolean _, Place _) -> new Value.Text(text, place);
          case Token.Numeral number -> new Value.Numeral(number.number(), place);
          case Token.Name(String name, Place _) when name.equals("true") || name.equals("false") ->
              new Value.Switch(name.equals("true"), place);
          case Token.Name(String name, Place _) ->
              throw new Malformed(
                  place, "expected a value, found %s: texts need quotes".formatted(name));
          case Token.Sign(char sign, Place _) ->
              switch (sign) {
                case '{' -> group(depth);
                case '[' -> sequence(depth);
                default -> throw unexpected("a value");
              };
          case Token.End _ -> throw unexpected("a value");
        };
    advance();
    return value;
  }

  /// Leaves off at the closing brace.
  private Value.Group group(int depth) throws Malformed {
    Place start = token.place();
    advance();
    List<Value.Member> members = members(depth);
    if (!isAt('}')) {
      throw new Malformed(
          token.place(), "expected } for the { of line " + start.line() + ", found the end");
    }
    return new Value.Group(members, start);
  }

  /// Leaves off at the closing bracket.
  private Value.Sequence sequence(int depth) throws Malformed {
    Place start = token.place();
    List<Value> elements = new ArrayList<>();
    advance();
    while (!isAt(']')) {
      elements.add(value(depth + 1));
      if (isAt(',')) {
        advance();
      } else if (!isAt(']')) {
        throw unexpected(", or ] for the [ of line " + start.line());
      }
    }
    return new Value.Sequence(elements, start);
  }
}
