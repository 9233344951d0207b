package io.coppice.houserules;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A source file and its syntax tree. */
record Source(String text, CompilationUnitTree tree, SourcePositions positions) {
  /** Parses all Java files below a folder, with the compiler of the JDK the tests run on. */
  static List<Source> readAll(Path folder) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Stream<Path> walk = Files.walk(folder);
        StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<Path> paths = walk.filter(path -> path.toString().endsWith(".java")).sorted().toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(paths));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      List<Source> sources = new ArrayList<>();
      for (CompilationUnitTree tree : task.parse()) {
        sources.add(
            new Source(tree.getSourceFile().getCharContent(true).toString(), tree, positions));
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the sources in " + folder, e);
    }
  }

  String packageName() {
    return tree.getPackage() == null ? "" : tree.getPackage().getPackageName().toString();
  }

  String textOf(Tree part) {
    return text.substring((int) start(part), (int) end(part));
  }

  long linesOf(Tree part) {
    return line(end(part)) - line(start(part)) + 1;
  }

  /** A place as an IDE understands it, with what is wrong there. */
  String at(Tree part, String what) {
    return Path.of(tree.getSourceFile().getName()) + ":" + line(start(part)) + " " + what;
  }

  private long start(Tree part) {
    return positions.getStartPosition(tree, part);
  }

  private long end(Tree part) {
    return positions.getEndPosition(tree, part);
  }

  private long line(long position) {
    return tree.getLineMap().getLineNumber(position);
  }
}
