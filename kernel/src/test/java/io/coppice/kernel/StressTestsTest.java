package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.annotations.Actor;

/** What holds of the jcstress tests as a whole, which a run of them does not tell. */
class StressTestsTest {
  private static final String LARGE = "OnThreeCpus";

  @DisplayName(
      "A stress test of more actors than two says so in its name: it does not run on two"
          + " processors")
  @Test
  void moreThanTwoActors() throws Exception {
    List<String> unmarked = new ArrayList<>();
    List<Class<?>> tests = tests();
    for (Class<?> test : tests) {
      if ((actors(test) > 2) != test.getSimpleName().endsWith(LARGE)) {
        unmarked.add(test.getName() + " with " + actors(test) + " actors");
      }
    }
    assertFalse(tests.isEmpty(), "jcstress lists its tests");
    assertEquals(List.of(), unmarked, () -> "to be cut down to two actors, or called …" + LARGE);
  }

  private static long actors(Class<?> test) {
    return Arrays.stream(test.getMethods()).filter(StressTestsTest::isActor).count();
  }

  private static boolean isActor(Method method) {
    return method.isAnnotationPresent(Actor.class);
  }

  /** From the list that jcstress writes when it is compiled: strings with their length before. */
  private static List<Class<?>> tests() throws Exception {
    List<Class<?>> tests = new ArrayList<>();
    try (InputStream list =
        Objects.requireNonNull(
            StressTestsTest.class.getClassLoader().getResourceAsStream("META-INF/TestList"))) {
      String text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        String afterName = afterString(line.substring("JCTEST".length()));
        tests.add(Class.forName(string(afterName)));
      }
    }
    return tests;
  }

  private static String string(String text) {
    int start = text.indexOf('S') + 1;
    return text.substring(start, start + Integer.parseInt(text.substring(0, start - 1)));
  }

  private static String afterString(String text) {
    return text.substring(text.indexOf('S') + 1 + string(text).length());
  }
}
