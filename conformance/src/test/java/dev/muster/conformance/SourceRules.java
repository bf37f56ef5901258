package dev.muster.conformance;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// The house's rules for one source file that no compiler checks: sizes, names, comments. Parses,
/// never resolves, so that planted texts need no class path. A cap is lifted by a comment that says
/// why, on the line before what exceeds it (before the package for the file): `// Cap lifted: why`.
final class SourceRules extends TreePathScanner<Void, Void> {
  static final int FILE_LINES_MAX = 500;
  static final int METHOD_LINES_MAX = 60;
  static final int LINE_COLUMNS_MAX = 100;
  static final int INTERFACE_METHODS_MAX = 10;
  static final int CONSTRUCTOR_PARAMETERS_MAX = 7;
  static final int RECORD_PARAMETERS_MAX = 10;

  private static final Set<String> BANNED_PACKAGES =
      Set.of("util", "utils", "common", "core", "base", "impl", "misc");

  /// A word of a name: `LeaseManagers` has Lease and Managers, `Utility` is not Util.
  private static final Pattern BANNED_NAME =
      Pattern.compile("(?:Manager|Helper|Util|Utils|Impl)(?![a-z])|^Abstract(?![a-z])");

  private static final Pattern LIFTED = Pattern.compile("\\s*// Cap lifted: \\S.*");
  private static final Pattern COMMENT = Pattern.compile("//[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern TODO = Pattern.compile("\\b(?:TODO|FIXME|XXX)\\b(?!\\W*#\\d+)");
  private static final Pattern UNBREAKABLE =
      Pattern.compile("import .*|\\s*(?:///?|\\*)\\s*\\S*https?://\\S+");

  private final String file;
  private final String text;
  private final List<String> lines;
  private final CompilationUnitTree unit;
  private final SourcePositions positions;
  private final List<String> found = new ArrayList<>();

  /// The text with the contents of literals blanked, so that only comments look like comments.
  private final StringBuilder code;

  /// The lines (from 0) of text blocks, each of which only a comment before its statement can lift.
  private final BitSet liftedBlockLines = new BitSet();

  private SourceRules(String file, String text) {
    this.file = file;
    this.text = text;
    lines = text.lines().toList();
    code = new StringBuilder(text);
    var problems = new DiagnosticCollector<JavaFileObject>();
    var task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(
                    null, null, problems, List.of("-proc:none"), null, List.of(source(file, text)));
    try {
      unit = task.parse().iterator().next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    problems.getDiagnostics().stream()
        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .limit(1)
        .forEach(
            problem ->
                report((int) problem.getLineNumber() - 1, problem.getMessage(Locale.ENGLISH)));
    positions = Trees.instance(task).getSourcePositions();
  }

  /// One sentence per violation, `file:line: what, and what to do`; none if all is well.
  static List<String> check(String file, String text) {
    var rules = new SourceRules(file, text);
    rules.checkFile();
    rules.scan(rules.unit, null);
    rules.checkColumns();
    rules.checkComments();
    return rules.found;
  }

  private void checkFile() {
    PackageTree declared = unit.getPackage();
    if (lines.size() > FILE_LINES_MAX && (declared == null || !isLifted(line(declared)))) {
      report(
          0, "%d lines, the cap is %d: split it by reason to change", lines.size(), FILE_LINES_MAX);
    }
    if (declared == null) {
      return;
    }
    for (String part : declared.getPackageName().toString().split("\\.")) {
      if (BANNED_PACKAGES.contains(part)) {
        report(line(declared), "package %s says nothing: name it for what it does", part);
      }
    }
  }

  @Override
  public Void visitClass(ClassTree type, Void unused) {
    String name = type.getSimpleName().toString();
    Matcher banned = BANNED_NAME.matcher(name);
    if (banned.find()) {
      report(line(type), "%s: no %s in names, say which role it plays", name, banned.group());
    }
    boolean isPublic = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
    if (isPublic && unit.getTypeDecls().contains(type) && !hasDoc(line(type))) {
      report(line(type), "public type %s has no /// comment: say what it is", name);
    }
    if (isPublic && type.getKind() == Tree.Kind.INTERFACE) {
      checkInterface(type);
    }
    if (type.getKind() == Tree.Kind.RECORD) {
      long components =
          type.getMembers().stream()
              .filter(member -> member instanceof VariableTree field && !isStatic(field))
              .count();
      checkParameters(type, "record " + name, components, RECORD_PARAMETERS_MAX);
    }
    return super.visitClass(type, null);
  }

  private void checkInterface(ClassTree type) {
    long methods =
        type.getMembers().stream()
            .filter(member -> member instanceof MethodTree method && method.getBody() == null)
            .count();
    if (methods > INTERFACE_METHODS_MAX && !isLifted(line(type))) {
      report(
          line(type),
          "public interface %s has %d abstract methods, the cap is %d: split it by who calls",
          type.getSimpleName(),
          methods,
          INTERFACE_METHODS_MAX);
    }
  }

  @Override
  public Void visitMethod(MethodTree method, Void unused) {
    String name = method.getName().toString();
    if (name.equals("<init>")) {
      ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      name = owner.getSimpleName().toString();
      boolean ofRecord = owner.getKind() == Tree.Kind.RECORD;
      checkParameters(
          method,
          "constructor " + name,
          method.getParameters().size(),
          ofRecord ? RECORD_PARAMETERS_MAX : CONSTRUCTOR_PARAMETERS_MAX);
    }
    checkLength(method, "method " + name);
    return super.visitMethod(method, null);
  }

  @Override
  public Void visitBlock(BlockTree block, Void unused) {
    if (getCurrentPath().getParentPath().getLeaf() instanceof ClassTree) {
      checkLength(block, "initializer");
    }
    return super.visitBlock(block, null);
  }

  private void checkLength(Tree tree, String what) {
    int length = lineOf(positions.getEndPosition(unit, tree)) - line(tree) + 1;
    if (length > METHOD_LINES_MAX && !isLifted(line(tree))) {
      report(
          line(tree),
          "%s has %d lines, the cap is %d: name its parts",
          what,
          length,
          METHOD_LINES_MAX);
    }
  }

  private void checkParameters(Tree tree, String what, long count, int max) {
    if (count > max && !isLifted(line(tree))) {
      report(
          line(tree),
          "%s has %d parameters, the cap is %d: group what belongs together",
          what,
          count,
          max);
    }
  }

  @Override
  public Void visitLiteral(LiteralTree literal, Void unused) {
    int start = (int) positions.getStartPosition(unit, literal);
    int end = (int) positions.getEndPosition(unit, literal);
    if (literal.getValue() instanceof String && text.startsWith("\"\"\"", start)) {
      TreePath path = getCurrentPath();
      while (!(path.getLeaf() instanceof StatementTree || path.getLeaf() instanceof MethodTree)) {
        path = path.getParentPath();
      }
      if (isLifted(line(path.getLeaf()))) {
        liftedBlockLines.set(lineOf(start), lineOf(end) + 1);
      }
    }
    for (int i = start; i < end; i++) {
      if (code.charAt(i) != '\n') {
        code.setCharAt(i, ' ');
      }
    }
    return null;
  }

  private void checkColumns() {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int columns = line.codePointCount(0, line.length());
      if (columns > LINE_COLUMNS_MAX
          && !UNBREAKABLE.matcher(line).matches()
          && !isLifted(i)
          && !liftedBlockLines.get(i)) {
        report(i, "%d columns, the cap is %d: break the line", columns, LINE_COLUMNS_MAX);
      }
    }
  }

  private void checkComments() {
    Matcher comment = COMMENT.matcher(code);
    while (comment.find()) {
      Matcher todo = TODO.matcher(comment.group());
      if (todo.find()) {
        report(
            lineOf(comment.start() + (long) todo.start()),
            "%s without an issue: write %s #123, or do it",
            todo.group(),
            todo.group());
      }
      int author = comment.group().indexOf("@author");
      if (author >= 0) {
        report(lineOf(comment.start() + (long) author), "no @author: git knows");
      }
    }
  }

  private static boolean isStatic(VariableTree field) {
    return field.getModifiers().getFlags().contains(Modifier.STATIC);
  }

  /// Whether the comment that ends on the line before this one lifts a cap.
  private boolean isLifted(int line) {
    return commentBefore(line).stream().anyMatch(LIFTED.asMatchPredicate());
  }

  private boolean hasDoc(int line) {
    return commentBefore(line).stream().anyMatch(before -> before.strip().startsWith("///"));
  }

  private List<String> commentBefore(int line) {
    int first = line;
    while (first > 0 && lines.get(first - 1).strip().startsWith("//")) {
      first--;
    }
    return lines.subList(first, line);
  }

  private int line(Tree tree) {
    return lineOf(positions.getStartPosition(unit, tree));
  }

  /// Lines count from 0 here and from 1 in what people read.
  private int lineOf(long position) {
    return (int) unit.getLineMap().getLineNumber(position) - 1;
  }

  private void report(int line, String message, Object... values) {
    found.add("%s:%d: ".formatted(file, line + 1) + message.formatted(values));
  }

  private static JavaFileObject source(String file, String text) {
    return new SimpleJavaFileObject(
        URI.create("source:///" + file.replace(' ', '_')), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
