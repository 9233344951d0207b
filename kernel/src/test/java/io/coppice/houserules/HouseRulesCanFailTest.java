package io.coppice.houserules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each rule of the house is broken once, in sources that are compiled for it. */
class HouseRulesCanFailTest {
  private static final String PROCESS = "io.coppice.kernel.process";
  private static final String MAILBOX = "io.coppice.kernel.mailbox";
  private static final String CLOCK = "io.coppice.kernel.time";
  private static final String INTERNALS = "io.coppice.kernel.jdk";
  private static final String TESTKIT = "io.coppice.kernel.testkit";

  private static final List<Rule> RULES =
      HouseRules.all(List.of(PROCESS, INTERNALS, CLOCK, MAILBOX, TESTKIT));

  @TempDir private static Path folder;

  /** Sources that break the rule, as often as said, beside sources that come close and do not. */
  private record Sample(String brokenRule, int times, List<String> sources) {}

  private static Sample sample(Rule brokenRule, int times, String... sources) {
    return new Sample(brokenRule.name(), times, List.of(sources));
  }

  private static List<Sample> samples() {
    return Stream.of(packageSamples(), accessSamples(), sizeSamples())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Sample> packageSamples() {
    return List.of(
        sample(
            ClassRules.onlyDownwards(List.of(PROCESS, INTERNALS, CLOCK, MAILBOX, TESTKIT)),
            2,
            type("io.coppice.kernel.unlisted", "class New", ""),
            type(MAILBOX, "public class Low", ""),
            type(PROCESS, "class Up", MAILBOX + ".Low low;"),
            type(TESTKIT, "class Down", MAILBOX + ".Low low;")),
        sample(
            ClassRules.noCycles(),
            1,
            type(MAILBOX, "public class One", CLOCK + ".Two two;"),
            type(CLOCK, "public class Two", MAILBOX + ".One one;")),
        sample(
            ClassRules.agronaInMailboxOnly(),
            1,
            type(PROCESS, "class Bad", "void x() { org.agrona.BitUtil.isEven(1); }"),
            type(MAILBOX, "class Good", "org.agrona.DirectBuffer x;")),
        sample(
            ClassRules.oneChoiceOfQueue(),
            2,
            type(MAILBOX, "public class AgronaQueue", "AgronaQueue again;"),
            type(MAILBOX, "public class GrowingQueue", "static class In { GrowingQueue out; }"),
            type(MAILBOX, "class Queues", "AgronaQueue some; GrowingQueue others;"),
            type(MAILBOX, "class Bad", "GrowingQueue x;"),
            type(
                PROCESS,
                "class Bad",
                "java.util.function.Supplier<?> x = " + MAILBOX + ".AgronaQueue::new;")),
        sample(
            ClassRules.testkitInTestsOnly(),
            1,
            type(TESTKIT, "public class Kit", "Kit other;"),
            type(PROCESS, "class Bad", TESTKIT + ".Kit x;")),
        sample(
            ClassRules.noLocks(MAILBOX::equals),
            1,
            type(MAILBOX, "class Bad", "java.util.concurrent.locks.ReentrantLock x;"),
            type(
                MAILBOX,
                "class Good",
                "void x() { java.util.concurrent.locks.LockSupport.park(this); }"),
            type(PROCESS, "class Elsewhere", "java.util.concurrent.locks.ReentrantLock x;")),
        sample(
            ClassRules.internalsInOnePlace(),
            1,
            type(PROCESS, "class Bad", "sun.misc.Unsafe x;"),
            type(INTERNALS, "class JdkInternals", "static class In { sun.misc.Unsafe x; }")));
  }

  private static List<Sample> accessSamples() {
    return List.of(
        sample(
            ClassRules.noForcedAccess(),
            4,
            type(
                PROCESS,
                "class Bad",
                """
                void x(java.lang.reflect.Method m) { m.setAccessible(true); }
                void y() throws Exception {
                  java.lang.invoke.MethodHandles.privateLookupIn(
                      Bad.class, java.lang.invoke.MethodHandles.lookup());
                }
                Class<?> z() throws Exception { return Class.forName("java.lang.VirtualThread"); }
                Class<?> w() throws Exception {
                  return getClass().getClassLoader().loadClass("java.lang.VirtualThread");
                }
                """),
            type(
                INTERNALS,
                "class JdkInternals",
                "void x(java.lang.reflect.Field f) { f.setAccessible(true); }")),
        sample(
            ClassRules.flagsInTwoPlaces(),
            1,
            type(
                PROCESS,
                "class Bad",
                """
                boolean x() { return Object.class.getModule().isOpen("java.lang"); }
                boolean isOpen() { return isOpen(); }
                """),
            type(
                MAILBOX,
                "class Good",
                "boolean x() { return Object.class.getModule().isOpen(\"jdk.internal.misc\"); }")),
        sample(
            ClassRules.oneClock(),
            2,
            type(
                PROCESS,
                "class Bad",
                "long x = System.nanoTime(); java.util.function.LongSupplier y ="
                    + " System::nanoTime;"),
            type(CLOCK, "class SystemClock", "long x = System.nanoTime();")),
        sample(
            ClassRules.noWallClock(),
            1,
            type(PROCESS, "class Bad", "long x = System.currentTimeMillis();")),
        sample(
            ClassRules.noSleep(),
            3,
            type(
                PROCESS,
                "class Inherits extends Thread",
                "void x() throws Exception { sleep(1); }"),
            type(PROCESS, "class Own extends Thread", "void sleep() {} void x() { sleep(); }"),
            type(
                PROCESS,
                "class Bad",
                """
                void x() throws Exception { Thread.sleep(1); }
                void y() throws Exception { java.util.concurrent.TimeUnit.DAYS.sleep(1); }
                """)),
        sample(
            ClassRules.noConsole(),
            3,
            type(
                PROCESS,
                "class Bad",
                """
                void x() { System.out.println(); System.err.println(); }
                void y(Exception e) { e.printStackTrace(); }
                void z(Exception e, java.io.PrintWriter report) { e.printStackTrace(report); }
                """)),
        sample(
            SourceRules.noMonitors(MAILBOX::equals),
            2,
            type(
                MAILBOX,
                "class Bad",
                "synchronized void x() {} void y() { synchronized (this) {} } // synchronized"),
            type(PROCESS, "class Elsewhere", "synchronized void x() {}")));
  }

  private static List<Sample> sizeSamples() {
    return List.of(
        sample(
            SourceRules.filesAreShort(),
            1,
            type(PROCESS, "class Bad", "\n".repeat(400)),
            type(PROCESS, "class Short", "\n".repeat(390)),
            type(PROCESS, "class Excused", "// Longer than 400 lines: a table" + "\n".repeat(400))),
        sample(
            SourceRules.methodsAreShort(),
            2,
            type(PROCESS, "class Bad", "void x() {" + "\n".repeat(50) + "}"),
            type(PROCESS, "class Short", "void x() {" + "\n".repeat(49) + "}"),
            type(
                PROCESS,
                "class NoReason",
                "void x() { // Longer than 50 lines:" + "\n".repeat(50) + "}"),
            type(
                PROCESS,
                "class Excused",
                "void x() { // Longer than 50 lines: a table" + "\n".repeat(50) + "}")),
        sample(
            SourceRules.parametersAreFew(),
            1,
            type(
                PROCESS, "class Bad", "void x(int a, int b, int c, int d, int e, int f, int g) {}"),
            type(PROCESS, "class Few", "void x(int a, int b, int c, int d, int e, int f) {}"),
            type(
                PROCESS,
                "record Data(int a, int b, int c, int d, int e, int f, int g)",
                "Data {}")));
  }

  @TestFactory
  @DisplayName("a rule finds what breaks it, and only that")
  Stream<DynamicTest> eachRuleFails() {
    return samples().stream()
        .map(sample -> DynamicTest.dynamicTest(sample.brokenRule(), () -> eachRuleFails(sample)));
  }

  private static void eachRuleFails(Sample sample) throws IOException {
    Code code = compile(sample.sources());
    Rule rule = RULES.stream().filter(r -> r.name().equals(sample.brokenRule())).findFirst().get();
    assertEquals(sample.times(), rule.violations().apply(code).size(), () -> describe(rule, code));
    AssertionError error = assertThrows(AssertionError.class, () -> rule.check(code));
    assertTrue(Objects.requireNonNull(error.getMessage()).contains(rule.cure()), error::toString);
  }

  private static String describe(Rule rule, Code code) {
    return String.join("\n", rule.violations().apply(code));
  }

  @Test
  @DisplayName("every rule has sources that break it")
  void allRulesAreTried() {
    Set<String> tried = samples().stream().map(Sample::brokenRule).collect(Collectors.toSet());
    Set<String> rules = RULES.stream().map(Rule::name).collect(Collectors.toSet());
    assertEquals(new TreeSet<>(rules), new TreeSet<>(tried));
  }

  private static String type(String packageName, String header, String body) {
    return "package " + packageName + ";\n" + header + " {\n" + body + "\n}\n";
  }

  private static Code compile(List<String> sources) throws IOException {
    Path root = Files.createTempDirectory(folder, "sample");
    Path sourceFolder = Files.createDirectory(root.resolve("sources"));
    Path classFolder = Files.createDirectory(root.resolve("classes"));
    for (int i = 0; i < sources.size(); i++) {
      Path file = sourceFolder.resolve(i + "/" + typeName(sources.get(i)) + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, sources.get(i));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> paths = Files.walk(sourceFolder)) {
      List<String> options =
          List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d");
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  Stream.concat(options.stream(), Stream.of(classFolder.toString())).toList(),
                  null,
                  files.getJavaFileObjectsFromPaths(paths.filter(Files::isRegularFile).toList()))
              .call();
      assertTrue(compiled, messages::toString);
    }
    return Code.read(classFolder, sourceFolder);
  }

  private static String typeName(String source) {
    Matcher name = Pattern.compile("(?:class|record) (\\w+)").matcher(source);
    assertTrue(name.find(), source);
    return name.group(1);
  }
}
