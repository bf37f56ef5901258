package dev.muster.agent.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The table of all keys, in its order.
public final class Keys {
  private static final Keys ALL = read();

  private final Map<String, Key> keys = new LinkedHashMap<>();
  private final Map<String, List<Key>> headings = new LinkedHashMap<>();
  private final Set<String> groups = new HashSet<>();

  private Keys() {}

  /// Every key there is.
  public static Keys all() {
    return ALL;
  }

  private static Keys read() {
    try (InputStream file = Keys.class.getResourceAsStream("keys.txt")) {
      if (file == null) {
        throw new IllegalStateException("keys.txt is missing from the program");
      }
      var all = new Keys();
      List<Key> section = new ArrayList<>();
      String table = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : table.lines().toList()) {
        if (line.startsWith("= ")) {
          section = new ArrayList<>();
          all.headings.put(line.substring(2), section);
        } else if (!line.isBlank() && !line.startsWith("#")) {
          Key key = key(line);
          section.add(key);
          all.add(key);
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Key key(String line) {
    String[] parts = line.split("\\|", 6);
    if (parts.length != 6) {
      throw new IllegalStateException("keys.txt: not six columns: " + line);
    }
    return new Key(
        parts[0].strip(),
        Kind.of(parts[1].strip()),
        parts[2].strip(),
        parts[3].strip(),
        Key.Effect.valueOf(parts[4].strip().toUpperCase(Locale.ROOT)),
        parts[5].strip());
  }

  private void add(Key key) {
    if (keys.put(key.name(), key) != null) {
      throw new IllegalStateException("keys.txt: twice: " + key.name());
    }
    if (key.kind().form() == Kind.Form.GROUP) {
      groups.add(key.name());
    }
    for (int dot = key.name().indexOf('.'); dot >= 0; dot = key.name().indexOf('.', dot + 1)) {
      groups.add(key.name().substring(0, dot));
    }
  }

  /// What stands for keys on the command line.
  public List<Key> flags() {
    return keys.values().stream().filter(key -> !key.flag().isEmpty()).toList();
  }

  /// The keys under the headings of the reference page.
  Map<String, List<Key>> byHeading() {
    return headings;
  }

  List<Key> list() {
    return List.copyOf(keys.values());
  }

  /// @throws IllegalArgumentException if there is none: a mistake of ours
  Key get(String name) {
    Key key = keys.get(name);
    if (key == null) {
      throw new IllegalArgumentException("keys.txt has no " + name);
    }
    return key;
  }

  /// The key itself; or the line of the table that knows it as one of its group.
  Optional<Key> find(String group, String member) {
    String name = group.isEmpty() ? member : group + "." + member;
    Key key = keys.get(name);
    if (key != null && key.kind().form() != Kind.Form.GROUP) {
      return Optional.of(key);
    }
    Key row = keys.get(group);
    return Optional.ofNullable(row).filter(it -> it.kind().members().contains(member));
  }

  boolean isGroup(String name) {
    return groups.contains(name);
  }

  /// Whether all keys of the group are in one line of the table.
  boolean isOneLine(Key group) {
    return keys.keySet().stream().noneMatch(name -> name.startsWith(group.name() + "."));
  }

  /// Every name that may be given, but for old ones, and for those that stand for a flag only.
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (Key key : keys.values()) {
      boolean isOld = key.effect() == Key.Effect.OLD;
      if (key.kind().form() == Kind.Form.GROUP) {
        key.kind().members().forEach(member -> names.add(key.name() + "." + member));
      } else if (!isOld && !key.name().equals("dev_mode")) {
        names.add(key.name());
      }
    }
    names.addAll(groups);
    return names;
  }
}
