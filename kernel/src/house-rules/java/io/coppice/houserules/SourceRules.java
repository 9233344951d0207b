package io.coppice.houserules;

import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** Rules about the text of a source file: what the compiled class no longer shows. */
final class SourceRules {
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 50;
  private static final int PARAMETERS_MAX = 6;

  private SourceRules() {}

  static Rule filesAreShort() {
    return rule(
        "a file has at most " + FILE_LINES_MAX + " lines",
        "cut it by role, or say why not in the file: // "
            + excuse(FILE_LINES_MAX)
            + " <the reason>",
        (source, found) -> {
          long lines = source.text().lines().count();
          if (lines > FILE_LINES_MAX && !isExcused(source.text(), FILE_LINES_MAX)) {
            found.add(source.at(source.tree(), "has " + lines + " lines"));
          }
        });
  }

  static Rule methodsAreShort() {
    return methodRule(
        "a method has at most " + METHOD_LINES_MAX + " lines",
        "give a part of it a name of its own, or say why not inside the method: // "
            + excuse(METHOD_LINES_MAX)
            + " <the reason>",
        (source, method) -> {
          long lines = source.linesOf(method);
          return lines > METHOD_LINES_MAX && !isExcused(source.textOf(method), METHOD_LINES_MAX)
              ? "has " + lines + " lines"
              : null;
        });
  }

  static Rule parametersAreFew() {
    return methodRule(
        "a method has at most " + PARAMETERS_MAX + " parameters",
        "put those that belong together into a record",
        (source, method) -> {
          int parameters = method.getParameters().size();
          return parameters > PARAMETERS_MAX && !isCompactConstructor(source, method)
              ? "has " + parameters + " parameters"
              : null;
        });
  }

  /** Whether the parameters stand in the header of a record: there they are named data. */
  private static boolean isCompactConstructor(Source source, MethodTree method) {
    return method.getName().contentEquals("<init>")
        && source.textOf(method).matches("(?s)[^(]*\\{.*");
  }

  /** ArchUnit sees no monitors inside a method, so the syntax tree is asked. */
  static Rule noMonitors(Predicate<String> inPackage) {
    return rule(
        "the mailbox, cell and scheduler packages use no monitors",
        "use one state word and compare-and-set: a contended monitor resumes through a thread of"
            + " the JDK that our schedulers do not control",
        (source, found) -> {
          if (inPackage.test(source.packageName())) {
            source.tree().accept(new MonitorFinder(source, found), null);
          }
        });
  }

  private interface MethodCheck {
    @Nullable String violation(Source source, MethodTree method);
  }

  private static Rule methodRule(String name, String cure, MethodCheck check) {
    return rule(
        name,
        cure,
        (source, found) ->
            source
                .tree()
                .accept(
                    new TreeScanner<@Nullable Void, @Nullable Void>() {
                      @Override
                      public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
                        String violation = check.violation(source, method);
                        if (violation != null) {
                          found.add(source.at(method, method.getName() + " " + violation));
                        }
                        return super.visitMethod(method, null);
                      }
                    },
                    null));
  }

  private static Rule rule(String name, String cure, BiConsumer<Source, List<String>> check) {
    return new Rule(
        name,
        cure,
        code -> {
          List<String> found = new ArrayList<>();
          code.sources().forEach(source -> check.accept(source, found));
          return found;
        });
  }

  private static String excuse(int lines) {
    return "Longer than " + lines + " lines:";
  }

  private static boolean isExcused(String text, int lines) {
    return Pattern.compile("// " + excuse(lines) + " \\S").matcher(text).find();
  }

  private static final class MonitorFinder extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final Source source;
    private final List<String> found;

    MonitorFinder(Source source, List<String> found) {
      this.source = source;
      this.found = found;
    }

    @Override
    public @Nullable Void visitSynchronized(SynchronizedTree block, @Nullable Void unused) {
      found.add(source.at(block, "enters a monitor"));
      return super.visitSynchronized(block, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
      if (method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
        found.add(source.at(method, method.getName() + " is synchronized"));
      }
      return super.visitMethod(method, null);
    }
  }
}
