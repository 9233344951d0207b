package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  @DisplayName("java.lang is open to the kernel and Agrona reaches its memory operations")
  void opened() {
    assertTrue(Object.class.getModule().isOpen("java.lang", BuildFlagsTest.class.getModule()));
    assertNotNull(new ManyToOneConcurrentArrayQueue<>(16));
  }
}
