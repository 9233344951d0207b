package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.flags.NeedsOpenJdk;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every other test takes for granted about the JVM it runs on. */
class BuildFlagsTest {
  @Test
  @DisplayName("tests run on Java 25 or newer, whatever Java Maven runs on")
  void javaVersion() {
    assertTrue(Runtime.version().feature() >= 25, () -> "tests run on " + Runtime.version());
  }

  @Test
  @DisplayName("assertions are on and text is UTF-8")
  void assertionsAndEncoding() {
    assertTrue(BuildFlagsTest.class.desiredAssertionStatus());
    assertEquals(StandardCharsets.UTF_8, Charset.defaultCharset());
  }

  @Test
  @DisplayName("java.lang and jdk.internal.misc are open, or neither is if so much is said")
  void opened() {
    boolean flags = !Boolean.getBoolean("tests.without.flags");
    assertEquals(flags, isOpen("java.lang"));
    assertEquals(flags, isOpen("jdk.internal.misc"));
    assertEquals(flags, NeedsOpenJdk.Flags.areThere());
    if (flags) {
      assertNotNull(new ManyToOneConcurrentArrayQueue<>(16));
    }
  }

  private static boolean isOpen(String name) {
    return Object.class.getModule().isOpen(name, BuildFlagsTest.class.getModule());
  }
}
