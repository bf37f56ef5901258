package dev.muster.nginx.compile;

import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.FilesConfig;
import dev.muster.balancer.config.FilesConfig.Directory;
import dev.muster.balancer.config.FilesConfig.Last;
import dev.muster.balancer.config.FilesConfig.ModifiedSince;
import dev.muster.balancer.config.FilesConfig.Tries;
import dev.muster.balancer.variable.Template;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Files that are served: `root`, `alias`, `index`, `types`, `default_type`, `try_files`.
record Files(Texts texts, Place place) {

  /// What a level serves if nothing else answers there: files if it says where they are.
  Content of(Level level) {
    return directory(level)
        .<Content>map(directory -> new Content.Files(config(level, directory)))
        .orElse(new Content.Nothing());
  }

  /// The content with the search of `try_files` before it, if there is one here.
  Content tried(Level level, Content then) {
    Optional<Directive> tries = level.first("try_files");
    if (tries.isEmpty()) {
      return then;
    }
    FilesConfig files =
        directory(level)
            .map(directory -> config(level, directory))
            .orElseGet(
                () ->
                    config(
                        level, new Directory(Template.literal(place.fromPrefix("html")), false)));
    return tries(tries.get()).<Content>map(it -> new Content.Tried(files, it, then)).orElse(then);
  }

  private Optional<Tries> tries(Directive directive) {
    int last = directive.size() - 1;
    String word = directive.word(last);
    List<Template> files = new ArrayList<>();
    directive.texts().subList(0, last).forEach(file -> files.add(texts.template(directive, file)));
    if (!word.startsWith("=")) {
      return Optional.of(new Tries(files, new Last.Redirect(texts.template(directive, word))));
    }
    OptionalInt status = Quantity.number(word.substring(1));
    if (status.isEmpty() || status.getAsInt() > 999) {
      texts.findings().error(directive, "invalid code \"" + word + "\"");
      return Optional.empty();
    }
    return Optional.of(new Tries(files, new Last.Status(status.getAsInt())));
  }

  private Optional<Directory> directory(Level level) {
    Optional<Directive> alias = level.first("alias");
    Optional<Directive> found = alias.isPresent() ? alias : level.nearest("root", "alias");
    return found.map(
        it -> {
          String path = it.word(0);
          return new Directory(
              texts.template(it, path.startsWith("$") ? path : place.fromPrefix(path)),
              it.name().equals("alias"));
        });
  }

  private FilesConfig config(Level level, Directory directory) {
    FilesConfig otherwise = FilesConfig.root("/");
    List<Template> index = new ArrayList<>();
    for (Directive directive : level.all("index")) {
      directive.texts().forEach(name -> index.add(texts.template(directive, name)));
    }
    Map<String, String> types = new HashMap<>();
    for (Directive block : level.all("types")) {
      for (Directive entry : block.inside()) {
        entry.texts().forEach(end -> types.put(end.toLowerCase(Locale.ROOT), entry.name()));
      }
    }
    return new FilesConfig(
        directory,
        index.isEmpty() ? otherwise.index() : index,
        level.all("types").isEmpty() ? otherwise.types() : types,
        level.find("default_type").map(it -> it.word(0)).orElse(otherwise.defaultType()),
        level.flag("etag", otherwise.hasEtag()),
        level
            .find("if_modified_since")
            .map(it -> ModifiedSince.valueOf(it.word(0).toUpperCase(Locale.ROOT)))
            .orElse(otherwise.ifModifiedSince()));
  }
}
