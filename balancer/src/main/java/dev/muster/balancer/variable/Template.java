package dev.muster.balancer.variable;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Text with variables in it, `$name` or `${name}` (nginx's complex value). Immutable.
public final class Template {
  private final String source;
  private final List<Part> parts;

  private sealed interface Part {
    void append(Request request, StringBuilder out);

    void write(Request request, HeadWriter out);

    void write(Request request, HeadWriter out, ValueWriter values);

    /// What stands there.
    final class Text implements Part {
      private final String latin1;
      private final byte[] octets;

      private Text(byte[] octets) {
        this.octets = octets;
        this.latin1 = new String(octets, StandardCharsets.ISO_8859_1);
      }

      static Text of(String text) {
        return new Text(text.getBytes(StandardCharsets.UTF_8));
      }

      @Override
      public void append(Request request, StringBuilder out) {
        out.append(latin1);
      }

      @Override
      public void write(Request request, HeadWriter out) {
        out.write(octets);
      }

      @Override
      public void write(Request request, HeadWriter out, ValueWriter values) {
        out.write(octets);
      }
    }

    record Reference(Variable variable) implements Part {
      @Override
      public void append(Request request, StringBuilder out) {
        out.append(orEmpty(variable.value(request)));
      }

      @Override
      public void write(Request request, HeadWriter out) {
        variable.write(request, out);
      }

      @Override
      public void write(Request request, HeadWriter out, ValueWriter values) {
        values.write(variable.value(request), out);
      }
    }
  }

  /// Writes the value of a variable in its own way.
  @FunctionalInterface
  public interface ValueWriter {
    /// Appends it; null if the variable has no value.
    void write(@Nullable String value, HeadWriter out);
  }

  private Template(String source, List<Part> parts) {
    this.source = source;
    this.parts = List.copyOf(parts);
  }

  /// Text without variables, whatever characters it has.
  public static Template literal(String text) {
    return new Template(text, text.isEmpty() ? List.of() : List.of(Part.Text.of(text)));
  }

  /// Reads a text; `$1` to `$9` are the groups of the last regular expression that matched.
  ///
  /// @throws UnknownVariable if one is named that does not exist, or the text is malformed
  public static Template compile(String source, Variables variables) throws UnknownVariable {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int dollar = source.indexOf('$'); dollar >= 0; dollar = source.indexOf('$', from)) {
      if (dollar > from) {
        parts.add(Part.Text.of(source.substring(from, dollar)));
      }
      boolean isBraced = dollar + 1 < source.length() && source.charAt(dollar + 1) == '{';
      int start = dollar + (isBraced ? 2 : 1);
      int end = start;
      if (!isBraced && start < source.length() && isGroup(source.charAt(start))) {
        end++;
      } else {
        while (end < source.length() && isName(source.charAt(end))) {
          end++;
        }
      }
      if (isBraced && (end == source.length() || source.charAt(end) != '}')) {
        throw new UnknownVariable(
            "the closing bracket in \"%s\" variable is missing"
                .formatted(source.substring(start, end)));
      }
      if (end == start) {
        throw new UnknownVariable("invalid variable name");
      }
      parts.add(new Part.Reference(variables.find(source.substring(start, end))));
      from = isBraced ? end + 1 : end;
    }
    if (from < source.length()) {
      parts.add(Part.Text.of(source.substring(from)));
    }
    return new Template(source, parts);
  }

  private static boolean isGroup(char c) {
    return c >= '1' && c <= '9';
  }

  private static boolean isName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /// What it was read from.
  public String source() {
    return source;
  }

  /// Whether it says the same for every request.
  public boolean isLiteral() {
    return parts.isEmpty() || (parts.size() == 1 && parts.getFirst() instanceof Part.Text);
  }

  /// What it says for a request, octets as Latin-1 characters.
  public String text(Request request) {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Reference(Variable only)) {
      return orEmpty(only.value(request));
    }
    var out = new StringBuilder();
    parts.forEach(part -> part.append(request, out));
    return out.toString();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /// What it says for a request, with the groups `$1` to `$9` changed on their way.
  public String text(Request request, UnaryOperator<String> ofGroups) {
    var out = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Part.Reference(Group group)) {
        out.append(ofGroups.apply(orEmpty(group.value(request))));
      } else {
        part.append(request, out);
      }
    }
    return out.toString();
  }

  /// What stands before a character that is no part of a variable; all of it if there is none.
  public Template before(char mark) {
    return cut(mark, true);
  }

  /// What stands after the first character of that kind that is no part of a variable; nothing if
  /// there is none.
  public Template after(char mark) {
    return cut(mark, false);
  }

  private Template cut(char mark, boolean isBefore) {
    int at = source.indexOf(mark);
    if (at < 0) {
      return isBefore ? this : literal("");
    }
    List<Part> kept = new ArrayList<>();
    boolean hasPassed = false;
    for (Part part : parts) {
      int here = !hasPassed && part instanceof Part.Text text ? text.latin1.indexOf(mark) : -1;
      if (here >= 0 && part instanceof Part.Text text) {
        hasPassed = true;
        byte[] octets = text.octets;
        int from = isBefore ? 0 : here + 1;
        int to = isBefore ? here : octets.length;
        if (to > from) {
          kept.add(new Part.Text(Arrays.copyOfRange(octets, from, to)));
        }
      } else if (hasPassed != isBefore) {
        kept.add(part);
      }
    }
    return new Template(isBefore ? source.substring(0, at) : source.substring(at + 1), kept);
  }

  /// Whether a variable in it needs something noted that is not noted otherwise.
  public boolean asks(LateFact fact) {
    for (Part part : parts) {
      if (part instanceof Part.Reference(Variable variable) && variable.asks(fact)) {
        return true;
      }
    }
    return false;
  }

  /// Appends what it says for a request.
  public void write(Request request, HeadWriter out) {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).write(request, out);
    }
  }

  /// Appends what it says for a request, the values of variables as the writer has them.
  public void write(Request request, HeadWriter out, ValueWriter values) {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).write(request, out, values);
    }
  }

  /// Whether both were read from the same text; variables of that name may have been declared
  /// anew meanwhile.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Template that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }
}
