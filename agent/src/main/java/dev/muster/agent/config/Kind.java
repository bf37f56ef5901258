package dev.muster.agent.config;

import dev.muster.agent.hcl.Value;
import dev.muster.consul.form.GoDuration;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a key takes.
///
/// @param least of a number; of a duration in nanoseconds
/// @param most of a number; of a duration in nanoseconds
/// @param members the names that a group of keys without an effect has
public record Kind(Form form, long least, long most, Set<String> members) {
  public Kind {
    members = Set.copyOf(members);
  }

  /// The forms of values.
  public enum Form {
    TEXT,
    NAME,
    ADDRESS,
    ADDRESSES,
    PATH,
    LEVEL,
    SWITCH,
    PORT,
    NUMBER,
    DECIMAL,
    DURATION,
    TEXTS,
    MAP,
    ANY,
    DEFINITIONS,
    GROUP
  }

  /// Reads the word of the table.
  static Kind of(String text) {
    List<String> words = List.of(text.split(" ", -1));
    Form form = Form.valueOf(words.getFirst().toUpperCase(Locale.ROOT));
    return switch (form) {
      case PORT -> new Kind(form, -1, 65_535, Set.of());
      case NUMBER -> {
        String[] range = words.get(1).split("\\.\\.", 2);
        yield new Kind(form, Long.parseLong(range[0]), Long.parseLong(range[1]), Set.of());
      }
      case DURATION -> {
        if (words.size() == 1) {
          yield new Kind(form, Long.MIN_VALUE, Long.MAX_VALUE, Set.of());
        }
        String[] range = words.get(1).split("\\.\\.", 2);
        yield new Kind(form, nanos(range[0]), nanos(range[1]), Set.of());
      }
      case GROUP -> new Kind(form, 0, 0, Set.copyOf(words.subList(1, words.size())));
      case TEXT,
          NAME,
          ADDRESS,
          ADDRESSES,
          PATH,
          LEVEL,
          SWITCH,
          DECIMAL,
          TEXTS,
          MAP,
          ANY,
          DEFINITIONS ->
          new Kind(form, 0, 0, Set.of());
    };
  }

  private static long nanos(String duration) {
    return GoDuration.parse(duration).orElseThrow().toNanos();
  }

  private boolean isDurationWithRange() {
    return form == Form.DURATION && (least != Long.MIN_VALUE || most != Long.MAX_VALUE);
  }

  /// The limits of a duration, as they would be written: `1ms to 3600s`.
  private String range() {
    return written(least) + " to " + written(most);
  }

  private static String written(long nanos) {
    long millis = Duration.ofNanos(nanos).toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /// As the reference page says it.
  String described() {
    return switch (form) {
      case NUMBER, PORT -> "%d to %d".formatted(least, most);
      case SWITCH -> "true or false";
      case TEXTS -> "list of texts";
      case MAP -> "texts by text";
      case DEFINITIONS -> "definitions";
      case LEVEL, TEXT, PATH -> "text";
      case ANY, GROUP -> "";
      case DURATION -> isDurationWithRange() ? "duration, " + range() : "duration";
      case NAME, ADDRESS, ADDRESSES, DECIMAL -> form.name().toLowerCase(Locale.ROOT);
    };
  }

  boolean isList() {
    return form == Form.TEXTS || form == Form.DEFINITIONS;
  }

  /// What a flag says, in the form that a file would.
  Value ofFlag(Value.Text flag) {
    return switch (form) {
      case SWITCH ->
          flag.text().equals("true") || flag.text().equals("false")
              ? new Value.Switch(flag.text().equals("true"), flag.place())
              : flag;
      case PORT, NUMBER, DECIMAL ->
          flag.text().matches("-?\\d{1,18}(\\.\\d{1,18})?")
              ? new Value.Numeral(new BigDecimal(flag.text()), flag.place())
              : flag;
      case MAP -> {
        int colon = flag.text().indexOf(':');
        if (colon < 0) {
          yield flag;
        }
        var value = new Value.Text(flag.text().substring(colon + 1), flag.place());
        String key = flag.text().substring(0, colon);
        yield new Value.Group(List.of(new Value.Member(key, flag.place(), value)), flag.place());
      }
      case TEXTS -> new Value.Sequence(List.of(flag), flag.place());
      case TEXT, NAME, ADDRESS, ADDRESSES, PATH, LEVEL, DURATION, ANY, DEFINITIONS, GROUP -> flag;
    };
  }

  /// What is wrong with a value, in words; empty if nothing is.
  Optional<String> problem(Value value) {
    return switch (form) {
      case SWITCH -> value instanceof Value.Switch ? Optional.empty() : Optional.of(wanted(value));
      case PORT, NUMBER, DECIMAL -> problemOfNumber(value);
      case TEXT, NAME, ADDRESS, ADDRESSES, PATH, LEVEL, DURATION ->
          value instanceof Value.Text(String text, _)
              ? problemOfText(text)
              : Optional.of(wanted(value));
      case TEXTS ->
          value instanceof Value.Sequence(List<Value> elements, _)
                  && elements.stream().allMatch(Value.Text.class::isInstance)
              ? Optional.empty()
              : Optional.of(wanted(value));
      case MAP ->
          value instanceof Value.Group(List<Value.Member> members, _)
                  && members.stream().allMatch(each -> each.value() instanceof Value.Text)
              ? Optional.empty()
              : Optional.of(wanted(value));
      case DEFINITIONS ->
          value instanceof Value.Group
                  || (value instanceof Value.Sequence(List<Value> elements, _)
                      && elements.stream().allMatch(Value.Group.class::isInstance))
              ? Optional.empty()
              : Optional.of(wanted(value));
      case ANY, GROUP -> Optional.empty();
    };
  }

  private Optional<String> problemOfNumber(Value value) {
    if (value instanceof Value.Numeral(BigDecimal number, _)) {
      boolean isWhole = number.stripTrailingZeros().scale() <= 0;
      boolean isInRange =
          number.compareTo(BigDecimal.valueOf(least)) >= 0
              && number.compareTo(BigDecimal.valueOf(most)) <= 0;
      if (form == Form.DECIMAL || (isWhole && isInRange)) {
        return Optional.empty();
      }
    }
    return Optional.of(wanted(value));
  }

  private Optional<String> problemOfText(String text) {
    return switch (form) {
      case NAME ->
          text.matches("[A-Za-z0-9._-]{1,63}")
              ? Optional.empty()
              : Optional.of("\"" + text + "\" is not 1 to 63 of A-Z a-z 0-9 . _ -");
      case ADDRESS -> problemOfAddress(text);
      case ADDRESSES -> problemOfAddresses(text);
      case PATH -> problemOfPath(text);
      case LEVEL ->
          level(text).isPresent()
              ? Optional.empty()
              : Optional.of("\"" + text + "\" is not trace, debug, info, warn or err");
      case DURATION -> problemOfDuration(text);
      case TEXT, SWITCH, PORT, NUMBER, DECIMAL, TEXTS, MAP, ANY, DEFINITIONS, GROUP ->
          Optional.empty();
    };
  }

  private Optional<String> problemOfDuration(String text) {
    Optional<Duration> duration = GoDuration.parse(text);
    if (duration.isEmpty()) {
      return Optional.of("\"" + text + "\" is not a duration such as \"10s\" or \"1h30m\"");
    }
    boolean isInRange =
        duration.get().compareTo(Duration.ofNanos(least)) >= 0
            && duration.get().compareTo(Duration.ofNanos(most)) <= 0;
    return isInRange ? Optional.empty() : Optional.of("\"" + text + "\" is not " + range());
  }

  /// The level's one spelling.
  static Optional<String> level(String text) {
    String level = text.toLowerCase(Locale.ROOT);
    return switch (level) {
      case "trace", "debug", "info", "warn", "err" -> Optional.of(level);
      case "error" -> Optional.of("err");
      default -> Optional.empty();
    };
  }

  private static Optional<String> problemOfPath(String text) {
    try {
      var _ = Path.of(text);
      return Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.of(e.getReason());
    }
  }

  private static Optional<String> problemOfAddresses(String text) {
    if (text.isBlank()) {
      return Optional.of("no address; give one such as 127.0.0.1 or 0.0.0.0");
    }
    if (text.contains("{{")) {
      return problemOfAddress(text);
    }
    return List.of(text.strip().split("\\s+", -1)).stream()
        .filter(address -> !address.startsWith("unix://"))
        .map(Kind::problemOfAddress)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> problemOfAddress(String text) {
    if (text.contains("{{")) {
      return Optional.of(
          "templates of go-sockaddr such as %s are not read here; give the IP address itself"
              .formatted(text.strip()));
    }
    return ip(text).isPresent()
        ? Optional.empty()
        : Optional.of("\"" + text + "\" is not an IP address such as 127.0.0.1 or 0.0.0.0");
  }

  /// The address in its one spelling; empty if it is none.
  static Optional<String> ip(String text) {
    try {
      if (text.matches("\\d+(\\.\\d+){3}") || text.contains(":")) {
        return Optional.of(InetAddress.getByName(text).getHostAddress());
      }
    } catch (UnknownHostException e) {
      // none
    }
    return Optional.empty();
  }

  private String wanted(Value found) {
    String what =
        switch (form) {
          case SWITCH -> "true or false";
          case PORT, NUMBER -> "a whole number from %d to %d".formatted(least, most);
          case DECIMAL -> "a number";
          case TEXTS -> "a list of texts such as [\"a\", \"b\"]";
          case MAP -> "a group of texts such as { key = \"value\" }";
          case DEFINITIONS -> "a group of keys or a list of such";
          case TEXT, NAME, ADDRESS, ADDRESSES, PATH, LEVEL, DURATION -> "one text in quotes";
          case ANY, GROUP -> "a value";
        };
    if (form == Form.MAP && found instanceof Value.Text) {
      what = "key:value";
    }
    return "%s is not %s".formatted(found.described(), what);
  }
}
