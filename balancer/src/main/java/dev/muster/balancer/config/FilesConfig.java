package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;
import java.util.List;
import java.util.Map;

/// Files that are served (nginx's static and index modules).
///
/// @param directory where they are
/// @param index the names tried for a path that ends with a slash (`index`)
/// @param types media types by extension in lower case (`types`)
/// @param defaultType of all others (`default_type`)
/// @param hasEtag whether files get an ETag (`etag`)
/// @param ifModifiedSince how If-Modified-Since is compared (`if_modified_since`)
public record FilesConfig(
    Directory directory,
    List<Template> index,
    Map<String, String> types,
    String defaultType,
    boolean hasEtag,
    ModifiedSince ifModifiedSince) {
  private static final Map<String, String> TYPES =
      Map.of("html", "text/html", "gif", "image/gif", "jpg", "image/jpeg");

  /// Where files are.
  ///
  /// @param path of a directory, absolute
  /// @param isAlias whether it takes the place of what the location matched (`alias`), instead of
  ///     standing before the path (`root`)
  public record Directory(Template path, boolean isAlias) {}

  /// How If-Modified-Since is compared.
  public enum ModifiedSince {
    /// Disregarded.
    OFF,
    /// The very time.
    EXACT,
    /// That time or an earlier one.
    BEFORE
  }

  /// `try_files file… last`.
  ///
  /// @param files paths that are looked for, those with a slash at the end as directories
  /// @param last what if there is none
  public record Tries(List<Template> files, Last last) {
    /// Copies what it is given.
    public Tries {
      files = List.copyOf(files);
    }
  }

  /// What `try_files` does in the end.
  public sealed interface Last {
    /// `=status`.
    ///
    /// @param status of the answer
    record Status(int status) implements Last {}

    /// A path with or without a query, or the name of a location.
    ///
    /// @param target where the request goes on
    record Redirect(Template target) implements Last {}
  }

  /// Copies what it is given.
  public FilesConfig {
    index = List.copyOf(index);
    types = Map.copyOf(types);
  }

  /// nginx's defaults for a root.
  public static FilesConfig root(String path) {
    return new FilesConfig(
        new Directory(Template.literal(path), false),
        List.of(Template.literal("index.html")),
        TYPES,
        "text/plain",
        true,
        ModifiedSince.EXACT);
  }

  /// nginx's defaults for an alias.
  public static FilesConfig alias(String path) {
    FilesConfig root = root(path);
    return new FilesConfig(
        new Directory(root.directory.path(), true),
        root.index,
        root.types,
        root.defaultType,
        root.hasEtag,
        root.ifModifiedSince);
  }
}
