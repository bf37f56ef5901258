package dev.muster.conformance;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of files in one Markdown text: relative links, and paths in backticks.
///
/// A word in backticks is taken for a path of the repository if it has a slash, no place for
/// variables, and either begins with a folder at the root or ends like a source. `target/…` is what
/// a build leaves, `/…` is not ours.
///
/// @param root the repository
/// @param file where the text stands
record DocLinks(Path root, Path file, String text) {
  private static final Pattern FENCE =
      Pattern.compile("^ *(```+|~~~+).*?^ *\\1 *$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK =
      Pattern.compile(
          "\\]\\(<?([^)\\s>]+)>?(?: +\"[^\"]*\")?\\)|^ *\\[[^]]+\\]: +(\\S+)", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern PATH = Pattern.compile("(?:\\./)?[\\w.-]+(?:/[\\w.-]+)*/?");
  private static final Pattern SOURCE = Pattern.compile(".*\\.(?:java|md)");

  /// One sentence per name that leads nowhere.
  List<String> broken() {
    List<String> found = new ArrayList<>();
    // fences are blanked, not cut, so that lines keep their numbers
    String prose = FENCE.matcher(text).replaceAll(fence -> fence.group().replaceAll("[^\\n]", " "));
    Matcher link = LINK.matcher(CODE.matcher(prose).replaceAll(code -> blank(code.group())));
    while (link.find()) {
      String target = link.group(1) != null ? link.group(1) : link.group(2);
      if (!target.matches("[a-z+]+:.*|#.*") && !leadsSomewhere(target)) {
        found.add(sentence(prose, link.start(), "link", target));
      }
    }
    Matcher code = CODE.matcher(prose);
    while (code.find()) {
      String word = code.group(1).replaceFirst(":\\d+$", "");
      if (looksLikePath(word) && !leadsSomewhere(word) && !Files.exists(root.resolve(word))) {
        found.add(sentence(prose, code.start(), "path", word));
      }
    }
    return found;
  }

  private boolean looksLikePath(String word) {
    if (!word.contains("/") || !PATH.matcher(word).matches() || word.contains("target/")) {
      return false;
    }
    String first = word.substring(0, word.indexOf('/'));
    return first.equals(".")
        || Files.isDirectory(root.resolve(first))
        || SOURCE.matcher(word).matches();
  }

  private boolean leadsSomewhere(String target) {
    String path = URLDecoder.decode(target.replaceFirst("[#?].*", ""), StandardCharsets.UTF_8);
    return Files.exists(file.resolveSibling(path));
  }

  private String sentence(String prose, int position, String kind, String target) {
    long line = prose.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
    return "%s:%d: the %s %s leads nowhere, seen from its folder%s"
        .formatted(
            root.relativize(file), line, kind, target, kind.equals("path") ? " and the root" : "");
  }

  private static String blank(String code) {
    return " ".repeat(code.length());
  }
}
