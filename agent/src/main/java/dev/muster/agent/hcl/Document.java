package dev.muster.agent.hcl;

import java.util.Locale;

/// Reads a text in HCL or JSON.
public final class Document {
  private Document() {}

  /// The languages of configuration.
  public enum Format {
    HCL,
    JSON;

    /// The format that a file's extension names; otherwise what the text looks like: JSON begins
    /// with a brace or a bracket.
    public static Format of(String file, String text) {
      String name = file.toLowerCase(Locale.ROOT);
      if (name.endsWith(".json")) {
        return JSON;
      }
      return name.endsWith(".hcl") || !looksLikeJson(text) ? HCL : JSON;
    }
  }

  /// Reads a document.
  ///
  /// @param source what places call it
  /// @throws Malformed at the first place that is not of the format
  public static Value.Group read(String source, String text, Format format) throws Malformed {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return switch (format) {
      case JSON -> new JsonReader(source, content).read();
      // As Consul's reader: what begins with a brace is JSON under any name.
      case HCL ->
          looksLikeJson(content)
              ? new JsonReader(source, content).read()
              : new HclReader(source, content).read();
    };
  }

  private static boolean looksLikeJson(String text) {
    String start = text.stripLeading();
    return start.startsWith("{") || start.startsWith("[");
  }
}
