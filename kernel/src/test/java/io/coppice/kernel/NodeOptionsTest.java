package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a node is tuned: in code, and for one run from outside. */
class NodeOptionsTest {
  @AfterEach
  void forget() {
    for (Knob knob : Knob.values()) {
      System.clearProperty("coppice." + knob.key());
    }
  }

  private static String refused(Runnable change) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, change::run).getMessage());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("each knob has its default, takes its bounds, and refuses what lies beyond, by name")
  void range(Knob knob) {
    NodeOptions options = NodeOptions.DEFAULT;
    assertEquals(knob.normal(), options.get(knob));
    assertEquals(knob.least(), options.with(knob, knob.least()).get(knob));
    assertEquals(knob.most(), options.with(knob, knob.most()).get(knob));
    String low = refused(() -> options.with(knob, knob.least() - 1));
    assertTrue(low.contains(knob.key()) && low.contains("" + knob.most()), low);
    refused(() -> options.with(knob, knob.most() + 1));
  }

  @Test
  @DisplayName("a change makes a copy, and leaves all else as it was")
  void copies() {
    NodeOptions changed = NodeOptions.DEFAULT.withName("other").withTurnMessages(7);
    NodeOptions slower =
        changed.withTimeSlice(Duration.ofMillis(9)).withAtBound(AtBound.ALARM_ONLY);
    assertEquals("coppice", NodeOptions.DEFAULT.name());
    assertEquals(Duration.ofMillis(1), changed.timeSlice());
    assertEquals("other", slower.name());
    assertEquals(7, slower.turnMessages());
    assertEquals(Duration.ofMillis(9), slower.timeSlice());
    assertEquals(AtBound.ALARM_ONLY, slower.atBound());
    assertNotEquals(changed, slower);
    assertEquals(changed, NodeOptions.DEFAULT.withTurnMessages(7).withName("other"));
  }

  @Test
  @DisplayName("a time beyond all ranges is refused like any other")
  void endless() {
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
    refused(() -> NodeOptions.DEFAULT.withShutdownTime(endless));
    refused(() -> NodeOptions.DEFAULT.withShutdownTime(endless.negated()));
  }

  @Test
  @DisplayName("a system property comes over what the code says, and the node tells so")
  void property() {
    System.setProperty("coppice.turnMessages", "3");
    System.setProperty("coppice.schedulers", " 1 ");
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(4).withTurnMessages(50))) {
      assertEquals(3, node.options().turnMessages());
      assertEquals(1, node.options().schedulers());
    }
  }

  @Test
  @DisplayName(
      "a property that is no number, or out of range, is refused with its name and the range")
  void badProperty() {
    System.setProperty("coppice.timeSliceMicros", "1ms");
    String text = refused(Node::start);
    assertTrue(text.contains("coppice.timeSliceMicros") && text.contains("'1ms'"), text);
    System.setProperty("coppice.timeSliceMicros", "1");
    text = refused(Node::start);
    assertTrue(text.contains("coppice.timeSliceMicros") && text.contains("100 to"), text);
  }

  @Test
  @DisplayName("an environment variable is the name in capitals, with underscores")
  void variable() {
    assertEquals("COPPICE_TIME_SLICE_MICROS", Knob.TIME_SLICE.variable());
    assertEquals("COPPICE_SCHEDULERS", Knob.SCHEDULERS.variable());
  }
}
