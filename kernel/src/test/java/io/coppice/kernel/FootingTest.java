package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Footing.Schedulers;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.management.ObjectName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a node says of the flags that its JVM was started with, or without. */
class FootingTest {
  private static final Module CLASS_PATH = FootingTest.class.getModule();
  private static final Module NAMED = Object.class.getModule();
  private static final String LANG = "--add-opens=java.base/java.lang=";
  private static final String MISC = "--add-opens=java.base/jdk.internal.misc=";

  /** The same rules for the line of the log and for the sentence that refuses. */
  private static void assertSays(Footing footing, Module code, String end) {
    String line = footing.line("shop", code);
    String refusal = footing.refusal("shop", code);
    for (String text : List.of(line, refusal)) {
      assertTrue(text.startsWith("Node shop "), text);
      assertTrue(text.endsWith(end), text);
      assertEquals(1, text.lines().count(), text);
      assertEquals(end.contains("java.lang"), text.contains("java.lang is not open"), text);
      assertEquals(end.contains("misc"), text.contains("jdk.internal.misc is not open"), text);
    }
    assertTrue(refusal.contains("requireFast"), refusal);
  }

  @Test
  @DisplayName("what is missing, and only that, is named with its flag for class or module path")
  void flags() {
    Footing neither = new Footing(Schedulers.CLOSED, false);
    Footing queueOnly = new Footing(Schedulers.CLOSED, true);
    Footing schedulersOnly = new Footing(Schedulers.OWN, false);
    String open = "start the JVM with ";
    assertSays(neither, CLASS_PATH, open + LANG + "ALL-UNNAMED " + MISC + "ALL-UNNAMED");
    assertSays(queueOnly, CLASS_PATH, open + LANG + "ALL-UNNAMED");
    assertSays(schedulersOnly, CLASS_PATH, open + MISC + "ALL-UNNAMED");
    assertSays(neither, NAMED, open + LANG + NAMED.getName() + " " + MISC + "org.agrona");
    assertEquals("without " + MISC + "ALL-UNNAMED", schedulersOnly.mode());
    assertEquals("fast", new Footing(Schedulers.OWN, true).mode());
  }

  @Test
  @DisplayName("where no flag helps none is named for it: the JDK is")
  void otherJdk() {
    Footing other = new Footing(Schedulers.OTHER_JDK, true);
    Footing otherAndClosed = new Footing(Schedulers.OTHER_JDK, false);
    assertSays(other, CLASS_PATH, "use JDK 25");
    assertSays(
        otherAndClosed, CLASS_PATH, "use JDK 25 and start the JVM with " + MISC + "ALL-UNNAMED");
    String jdk = "JDK " + Runtime.version() + " has not the internals of JDK 25";
    assertTrue(other.line("shop", CLASS_PATH).contains(jdk));
    assertTrue(other.mode().contains("the internals of JDK 25"), other.mode());
    assertFalse(other.isFast());
  }

  @Test
  @DisplayName("a node that lacks something logs one line of level INFO when it starts, else none")
  void oneLine() {
    List<LogRecord> records = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            records.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(Footing.LOGGER_NAME);
    Level level = logger.getLevel();
    logger.setLevel(Level.INFO);
    logger.addHandler(handler);
    try (Node first = Node.start(NodeOptions.DEFAULT.withName("first"));
        Node second = Node.start(NodeOptions.DEFAULT.withName("second"))) {
      assertEquals(0, first.processCount() + second.processCount());
    } finally {
      logger.removeHandler(handler);
      logger.setLevel(level);
    }
    Footing footing = Footing.ofThisJvm();
    List<String> expected =
        footing.isFast()
            ? List.of()
            : List.of(footing.line("first", CLASS_PATH), footing.line("second", CLASS_PATH));
    assertEquals(expected, records.stream().map(LogRecord::getMessage).toList());
    assertTrue(records.stream().allMatch(record -> record.getLevel().equals(Level.INFO)));
  }

  @Test
  @DisplayName("a node that may only be fast starts where it is, else it is refused")
  void requireFast() {
    NodeOptions options = NodeOptions.DEFAULT.withName("fast").with(Knob.REQUIRE_FAST, 1);
    Footing footing = Footing.ofThisJvm();
    if (footing.isFast()) {
      try (Node node = Node.start(options)) {
        assertEquals(1, node.options().get(Knob.REQUIRE_FAST));
      }
    } else {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> Node.start(options));
      assertEquals(footing.refusal("fast", CLASS_PATH), refused.getMessage());
    }
  }

  @Test
  @DisplayName("dump and JMX tell whether the node is fast, or what it was started without")
  void told() throws Exception {
    try (Node node = Node.start(NodeOptions.DEFAULT.withName("told"))) {
      String mode = Footing.ofThisJvm().mode();
      String dump = node.dump();
      assertTrue(dump.contains("\n  mode        " + mode + "\n  processes   0\n"), dump);
      ObjectName bean = new ObjectName("io.coppice:type=Node,name=told");
      assertEquals(mode, ManagementFactory.getPlatformMBeanServer().getAttribute(bean, "Mode"));
    }
  }
}
