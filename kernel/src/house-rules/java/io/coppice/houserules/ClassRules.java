package io.coppice.houserules;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Rules about who may use what, read from the compiled classes. */
final class ClassRules {
  private static final String CLOCK = "io.coppice.kernel.time.SystemClock";
  private static final String INTERNALS = "io.coppice.kernel.jdk";
  private static final String MAILBOX = "io.coppice.kernel.mailbox";
  private static final String QUEUES = MAILBOX + ".Queues";
  private static final Set<String> QUEUE_KINDS =
      Set.of(MAILBOX + ".AgronaQueue", MAILBOX + ".GrowingQueue");
  private static final String TESTKIT = "io.coppice.kernel.testkit";

  private ClassRules() {}

  static Rule noCycles() {
    ArchRule rule =
        slices().matching("io.coppice.(**)").should().beFreeOfCycles().allowEmptyShould(true);
    return new Rule(
        "packages do not depend on each other in a cycle",
        "move the shared type to the lower package, or let the lower one declare an interface",
        code -> rule.evaluate(code.classes()).getFailureReport().getDetails());
  }

  /**
   * Packages in one line, lowest first.
   *
   * @param order the packages of the module
   */
  static Rule onlyDownwards(List<String> order) {
    return new Rule(
        "a package uses only packages that stand before it in " + order,
        "move the type down, or add a new package to the list behind all that it uses",
        code -> {
          List<String> found = new ArrayList<>();
          for (JavaClass user : code.classes()) {
            if (!order.contains(user.getPackageName()) && !user.getPackageName().isEmpty()) {
              found.add(user.getPackageName() + " is not in the list");
            }
            for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
              if (isUpwards(order, dependency)) {
                found.add(dependency.getDescription());
              }
            }
          }
          return found.stream().distinct().toList();
        });
  }

  private static boolean isUpwards(List<String> order, Dependency dependency) {
    int user = order.indexOf(dependency.getOriginClass().getPackageName());
    int used = order.indexOf(dependency.getTargetClass().getPackageName());
    return user >= 0 && used > user;
  }

  static Rule agronaInMailboxOnly() {
    return noUse(
        "only the mailbox package uses Agrona",
        "ask the mailbox package for what is needed: its null answers are hidden from the compiler",
        user -> !isIn(MAILBOX, user),
        used -> isIn("org.agrona", used));
  }

  static Rule oneChoiceOfQueue() {
    return noUse(
        "only " + QUEUES + " chooses the queue of mailboxes",
        "ask it for the factory: it knows whether the JVM lets Agrona work",
        user -> !isInside(QUEUES, user) && QUEUE_KINDS.stream().noneMatch(k -> isInside(k, user)),
        used -> QUEUE_KINDS.contains(used.getName()));
  }

  static Rule testkitInTestsOnly() {
    return noUse(
        "only tests use the testkit",
        "move what main code needs out of the testkit",
        user -> !isIn(TESTKIT, user),
        used -> isIn(TESTKIT, used));
  }

  static Rule noLocks(Predicate<String> inPackage) {
    return noUse(
        "the mailbox, cell and scheduler packages use no locks",
        "use one state word and compare-and-set, and LockSupport to wait",
        user -> inPackage.test(user.getPackageName()),
        used ->
            used.getPackageName().equals("java.util.concurrent.locks")
                && !used.isEquivalentTo(LockSupport.class));
  }

  static Rule internalsInOnePlace() {
    return noUse(
        "only " + INTERNALS + " uses packages of the JDK that are not its API",
        "add a method there, and say what a JVM without the flag does instead",
        user -> !isIn(INTERNALS, user),
        used ->
            isIn("jdk.internal", used)
                || isIn("sun", used)
                || (isIn("com.sun", used) && !isIn("com.sun.net.httpserver", used)));
  }

  static Rule noForcedAccess() {
    return noAccess(
        "only " + INTERNALS + " breaks into classes by reflection, or names them in strings",
        "add a method there, and say what a JVM without the flag does instead",
        user -> !isIn(INTERNALS, user),
        access ->
            (access.getTargetOwner().isAssignableTo(AccessibleObject.class)
                    && access.getName().endsWith("etAccessible"))
                || is(access, MethodHandles.class, "privateLookupIn")
                || is(access, Class.class, "forName")
                || is(access, ClassLoader.class, "loadClass")
                || is(access, MethodHandles.Lookup.class, "findClass"));
  }

  static Rule flagsInTwoPlaces() {
    return noAccess(
        "only " + INTERNALS + " and " + MAILBOX + " look which packages of the JDK are open",
        "ask those two (Footing tells what a node has): the rest is the same with and without"
            + " flags",
        user -> !isIn(INTERNALS, user) && !isIn(MAILBOX, user),
        access ->
            access.getTargetOwner().isEquivalentTo(Module.class)
                && List.of("isOpen", "isExported", "addOpens", "addExports")
                    .contains(access.getName()));
  }

  static Rule oneClock() {
    return noAccess(
        "only " + CLOCK + " reads the monotonic clock",
        "take the node's clock as an argument: tests give a virtual one",
        user -> !isInside(CLOCK, user),
        access -> is(access, System.class, "nanoTime"));
  }

  static Rule noWallClock() {
    return noAccess(
        "nothing measures time by the wall clock",
        "take the node's clock as an argument: the wall clock jumps",
        user -> true,
        access -> is(access, System.class, "currentTimeMillis"));
  }

  static Rule noSleep() {
    return noAccess(
        "nothing sleeps",
        "wait for a message with a time limit, or start a timer: a sleep ignores virtual time",
        user -> true,
        access ->
            is(access, Thread.class, "sleep")
                || is(access, java.util.concurrent.TimeUnit.class, "sleep"));
  }

  static Rule noConsole() {
    return noAccess(
        "nothing writes to the console",
        "use System.Logger, so that the user decides where it goes",
        user -> true,
        access ->
            is(access, System.class, "out")
                || is(access, System.class, "err")
                || (access.getTargetOwner().isAssignableTo(Throwable.class)
                    && access.getName().equals("printStackTrace")
                    && access.getTarget().getFullName().endsWith("()")));
  }

  private static Rule noUse(
      String name, String cure, Predicate<JavaClass> users, Predicate<JavaClass> used) {
    return new Rule(
        name,
        cure,
        code ->
            code.classes().stream()
                .filter(users)
                .flatMap(user -> user.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> used.test(dependency.getTargetClass().getBaseComponentType()))
                .map(Dependency::getDescription)
                .distinct()
                .toList());
  }

  private static Rule noAccess(
      String name, String cure, Predicate<JavaClass> users, Predicate<JavaAccess<?>> banned) {
    return new Rule(
        name,
        cure,
        code ->
            code.classes().stream()
                .filter(users)
                .flatMap(user -> user.getAccessesFromSelf().stream())
                .filter(banned)
                .map(JavaAccess::getDescription)
                .toList());
  }

  /** Whether it is a member of the owner, also when named through a class that inherits it. */
  private static boolean is(JavaAccess<?> access, Class<?> owner, String name) {
    return access.getName().equals(name)
        && access
            .getTarget()
            .resolveMember()
            .map(member -> member.getOwner().isEquivalentTo(owner))
            .orElseGet(() -> access.getTargetOwner().isEquivalentTo(owner));
  }

  private static boolean isIn(String packageName, JavaClass type) {
    return (type.getPackageName() + ".").startsWith(packageName + ".");
  }

  /** Whether it is that class or one nested in it. */
  private static boolean isInside(String className, JavaClass type) {
    return (type.getName() + "$").startsWith(className + "$");
  }
}
