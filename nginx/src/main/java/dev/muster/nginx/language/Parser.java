package dev.muster.nginx.language;

import dev.muster.nginx.language.Lexer.Ending;
import dev.muster.nginx.language.Lexer.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a configuration into directives. It knows no names except `include`: what may stand where
/// is the business of `Check`. The first error ends it, as it does with nginx.
public final class Parser {
  private static final int FILE_BYTES_MAX = 16 << 20;
  private static final int ALL_BYTES_MAX = 64 << 20;
  private static final int FILES_MAX = 4096;
  private static final int FILES_DEEP_MAX = 32;
  private static final int BLOCKS_DEEP_MAX = 64;

  private final Path folder;
  private final List<Source> sources = new ArrayList<>();
  private final Deque<Path> open = new ArrayDeque<>();
  private int filesRead;
  private long bytesRead;

  /// How many blocks are open, and how many of them were when the file began.
  private int depth;

  private int outside;
  private @Nullable Problem broken;

  private Parser(Path folder) {
    this.folder = folder;
  }

  /// Reads a file and what it includes, which is looked up in the file's own folder.
  public static Document read(Path file) {
    Path absolute = file.toAbsolutePath();
    Parser parser = besides(absolute);
    List<Directive> directives = List.of();
    try {
      directives = parser.file(absolute, Position.NOWHERE);
    } catch (BadSyntax e) {
      parser.broken = e.problem();
    }
    return parser.document(directives);
  }

  /// Reads a text as if it were in this file.
  public static Document text(String text, Path file) {
    Parser parser = besides(file.toAbsolutePath());
    parser.sources.add(new Source(file.toString(), text));
    return parser.document(parser.whole(new Lexer(text, file.toString(), true)));
  }

  /// Reads directives given on the command line (`-g`); blocks are not allowed there.
  ///
  /// @param folder where included files are
  public static Document commandLine(String text, Path folder) {
    Parser parser = new Parser(folder);
    return parser.document(parser.whole(new Lexer(text, Position.COMMAND_LINE, false)));
  }

  private static Parser besides(Path file) {
    Path parent = file.getParent();
    return new Parser(parent == null ? file : parent);
  }

  private Document document(List<Directive> directives) {
    return new Document(directives, sources, Optional.ofNullable(broken));
  }

  private List<Directive> file(Path file, Position from) throws BadSyntax {
    if (open.contains(file)) {
      throw new BadSyntax("\"" + file + "\" includes itself", from);
    }
    if (open.size() == FILES_DEEP_MAX || filesRead == FILES_MAX) {
      throw new BadSyntax(
          "too many included files, at most "
              + (open.size() == FILES_DEEP_MAX ? FILES_DEEP_MAX + " deep" : FILES_MAX + " in all"),
          from);
    }
    filesRead++;
    String text = contents(file, from);
    if (sources.stream().noneMatch(source -> source.file().equals(file.toString()))) {
      sources.add(new Source(file.toString(), text));
    }
    open.push(file);
    List<Directive> directives = whole(new Lexer(text, file.toString(), true));
    open.pop();
    return directives;
  }

  private String contents(Path file, Position from) throws BadSyntax {
    try {
      if (Files.isDirectory(file)) {
        throw new BadSyntax("read() \"" + file + "\" failed (21: Is a directory)", from);
      }
      // A pipe or a device has no size, so the bound is on what is read.
      byte[] bytes;
      try (var in = Files.newInputStream(file)) {
        bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      }
      bytesRead += bytes.length;
      if (bytes.length > FILE_BYTES_MAX || bytesRead > ALL_BYTES_MAX) {
        throw new BadSyntax(
            "\"%s\" is too large, at most %d MiB a file and %d in all are read"
                .formatted(file, FILE_BYTES_MAX >> 20, ALL_BYTES_MAX >> 20),
            from);
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw new BadSyntax("open() \"" + file + "\" failed (2: No such file or directory)", from);
    } catch (AccessDeniedException e) {
      throw new BadSyntax("open() \"" + file + "\" failed (13: Permission denied)", from);
    } catch (IOException e) {
      throw new BadSyntax("open() \"" + file + "\" failed (" + e.getMessage() + ")", from);
    }
  }

  private List<Directive> whole(Lexer lexer) {
    // A block must end in the file in which it began.
    int before = outside;
    outside = depth;
    List<Directive> directives = body(lexer);
    outside = before;
    return directives;
  }

  /// The directives up to the end of the block, or up to what broke the reading off.
  private List<Directive> body(Lexer lexer) {
    List<Directive> directives = new ArrayList<>();
    try {
      while (broken == null) {
        Statement statement = lexer.next();
        if (isLast(statement, lexer)) {
          break;
        }
        Directive directive = directive(statement, lexer);
        if (isInclude(directive)) {
          directives.addAll(included(directive));
        } else {
          directives.add(directive);
        }
      }
    } catch (BadSyntax e) {
      broken = e.problem();
    }
    return directives;
  }

  private boolean isLast(Statement statement, Lexer lexer) throws BadSyntax {
    return switch (statement.ending()) {
      case SEMICOLON, OPENING_BRACE -> false;
      case CLOSING_BRACE -> {
        if (depth == outside) {
          throw new BadSyntax("unexpected \"}\"", lexer.position());
        }
        yield true;
      }
      case END_OF_TEXT -> {
        if (depth > outside) {
          throw new BadSyntax("unexpected end of file, expecting \"}\"", lexer.position());
        }
        yield true;
      }
    };
  }

  private Directive directive(Statement statement, Lexer lexer) throws BadSyntax {
    Position at = lexer.position();
    List<Word> words = statement.words();
    Optional<List<Directive>> block = Optional.empty();
    if (statement.ending() == Ending.OPENING_BRACE) {
      if (at.line() == 0) {
        throw new BadSyntax("block directives are not supported in -g option", at);
      }
      if (depth == BLOCKS_DEEP_MAX) {
        throw new BadSyntax("blocks are nested too deeply, at most " + BLOCKS_DEEP_MAX, at);
      }
      depth++;
      block = Optional.of(body(lexer));
      depth--;
    }
    return new Directive(words.getFirst().text(), words.subList(1, words.size()), block, at);
  }

  private static boolean isInclude(Directive directive) {
    return directive.name().equals("include");
  }

  private List<Directive> included(Directive include) throws BadSyntax {
    if (include.block().isPresent()) {
      throw new BadSyntax("directive \"include\" is not terminated by \";\"", include.at());
    }
    if (include.size() != 1) {
      throw new BadSyntax("invalid number of arguments in \"include\" directive", include.at());
    }
    String name = include.word(0);
    Path file;
    try {
      file = folder.resolve(name);
    } catch (InvalidPathException e) {
      throw new BadSyntax("open() \"" + name + "\" failed (" + e.getReason() + ")", include.at());
    }
    if (!FilePattern.isPattern(name)) {
      return file(file, include.at());
    }
    List<Directive> all = new ArrayList<>();
    for (Path each : FilePattern.matches(file)) {
      all.addAll(file(each, include.at()));
    }
    return all;
  }
}
