// Java's declarations by its own parser, one JSON line a file: [[qualified, group, line, digest], …] or null.
// Paths come as lines on standard input: `java Oracle.java`. The digest is of the tokens that are the declaration's own.

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

public class Oracle {
  private static final Pattern TOKEN =
      Pattern.compile("(//[^\\n]*|/\\*.*?\\*/|\\s+)|(\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|\\w+|.)", Pattern.DOTALL);

  private final String text;
  private final CompilationUnitTree unit;
  private final SourcePositions positions;
  private final List<String> rows = new ArrayList<>();

  private Oracle(String text, CompilationUnitTree unit, SourcePositions positions) {
    this.text = text;
    this.unit = unit;
    this.positions = positions;
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(read(Files.readString(Path.of(line))));
    }
  }

  private static String read(String text) throws Exception {
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///A.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignore) {
            return text;
          }
        };
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, said, null, null, List.of(file));
    CompilationUnitTree unit = task.parse().iterator().next();
    if (said.getDiagnostics().stream().anyMatch(each -> each.getKind() == Diagnostic.Kind.ERROR)) {
      return "null";
    }
    Oracle oracle = new Oracle(text, unit, Trees.instance(task).getSourcePositions());
    for (Tree type : unit.getTypeDecls()) {
      if (type instanceof ClassTree) {
        oracle.type((ClassTree) type, "");
      }
    }
    return "[" + String.join(",", oracle.rows) + "]";
  }

  private void type(ClassTree tree, String prefix) {
    String name = prefix + tree.getSimpleName();
    int place = rows.size();
    List<Tree> inner = new ArrayList<>();
    for (Tree member : tree.getMembers()) {
      if (member instanceof ClassTree) {
        inner.add(member);
        type((ClassTree) member, name + ".");
      } else if (member instanceof MethodTree) {
        MethodTree method = (MethodTree) member;
        inner.add(member);
        String own = method.getName().contentEquals("<init>") ? tree.getSimpleName().toString() : method.getName().toString();
        row(rows.size(), name + "." + own, "callable", member, List.of());
      }
    }
    row(place, name, "type", tree, inner);
  }

  private void row(int place, String name, String group, Tree tree, List<Tree> inner) {
    int start = (int) positions.getStartPosition(unit, tree);
    StringBuilder own = new StringBuilder(text.substring(start, (int) positions.getEndPosition(unit, tree)));
    for (Tree each : inner) {
      int from = (int) positions.getStartPosition(unit, each);
      int to = (int) positions.getEndPosition(unit, each);
      for (int at = from; at < to; at++) {
        own.setCharAt(at - start, ' ');
      }
    }
    StringBuilder tokens = new StringBuilder();
    Matcher matcher = TOKEN.matcher(own);
    while (matcher.find()) {
      if (matcher.group(2) != null) {
        tokens.append(matcher.group(2)).append('\0');
      }
    }
    long line = unit.getLineMap().getLineNumber(start);
    String digest = Integer.toHexString(tokens.toString().hashCode()) + "-" + tokens.length();
    rows.add(place, String.format("[\"%s\",\"%s\",%d,\"%s\"]", name, group, line, digest));
  }
}
