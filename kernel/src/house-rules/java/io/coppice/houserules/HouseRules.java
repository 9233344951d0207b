package io.coppice.houserules;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What holds in all main code of the kernel, the supervisor and the behaviours: the rules that no
 * compiler checks. The three modules compile these classes into their tests, so each module's own
 * build fails, without another artifact to build first.
 */
public final class HouseRules {
  private static final Set<String> LOCK_FREE =
      Set.of("io.coppice.kernel.mailbox", "io.coppice.kernel.cell", "io.coppice.kernel.scheduler");

  private HouseRules() {}

  /**
   * One test for each rule, over the module that the given test belongs to.
   *
   * @param test the class that calls
   * @param packages the packages of the module, the lowest first
   */
  public static Stream<DynamicTest> tests(Class<?> test, String... packages) {
    Path module = moduleOf(test);
    Code code = Code.read(module.resolve("target/classes"), module.resolve("src/main/java"));
    return all(List.of(packages)).stream()
        .map(rule -> DynamicTest.dynamicTest(rule.name(), () -> rule.check(code)));
  }

  static List<Rule> all(List<String> packageOrder) {
    Predicate<String> lockFree = LOCK_FREE::contains;
    return List.of(
        ClassRules.onlyDownwards(packageOrder),
        ClassRules.noCycles(),
        ClassRules.agronaInMailboxOnly(),
        ClassRules.oneChoiceOfQueue(),
        ClassRules.testkitInTestsOnly(),
        ClassRules.internalsInOnePlace(),
        ClassRules.noForcedAccess(),
        ClassRules.flagsInTwoPlaces(),
        ClassRules.oneClock(),
        ClassRules.noWallClock(),
        ClassRules.noSleep(),
        ClassRules.noConsole(),
        ClassRules.noLocks(lockFree),
        SourceRules.noMonitors(lockFree),
        SourceRules.filesAreShort(),
        SourceRules.methodsAreShort(),
        SourceRules.parametersAreFew());
  }

  /** The folder above target/test-classes, wherever the tests are started from. */
  private static Path moduleOf(Class<?> test) {
    try {
      Path testClasses = Path.of(test.getProtectionDomain().getCodeSource().getLocation().toURI());
      return testClasses.resolve("../..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no folder of " + test, e);
    }
  }
}
