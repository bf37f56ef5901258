import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Checks (`CHECK folder`) or rewrites (`APPLY folder`) every Java source below a folder with
/// google-java-format. Exits 1 and names the files if a check finds one that differs.
class Format {
  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("APPLY");
    Path root = Path.of(args[1]);
    var formatter = new Formatter();
    List<Path> differing = new ArrayList<>();
    int count = 0;
    for (Path file : sources(root)) {
      count++;
      String source = Files.readString(file);
      String formatted = formatter.formatSourceAndFixImports(source);
      if (!source.equals(formatted)) {
        differing.add(file);
        if (apply) {
          Files.writeString(file, formatted);
        }
      }
    }
    System.out.printf(
        "format: %d files, %d %s%n",
        count, differing.size(), apply ? "rewritten" : "badly formatted");
    differing.forEach(file -> System.out.println("  " + root.relativize(file)));
    if (!apply && !differing.isEmpty()) {
      System.out.println("Rewrite them with: mvn -N validate -Dformat.mode=APPLY");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws Exception {
    try (var paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !root.relativize(path).toString().matches("(.*/)?target/.*"))
          .sorted()
          .toList();
    }
  }
}
