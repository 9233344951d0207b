package io.coppice.supervisor;

import static io.coppice.supervisor.Rehearsal.child;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How many dynamic children there may be, and which of them are restarted (semantics DS3). */
final class MaxChildrenTest {
  private static final StartOutcome FULL = new StartOutcome.Refused(Refusal.MAX_CHILDREN);
  private static final ExitReason BOOM = ExitReason.of("boom");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ChildSpec SESSION = child("session").restart(Restart.TEMPORARY);

  private static Rehearsal running(Supervisor description) {
    return new Rehearsal(description).boot();
  }

  @Test
  @DisplayName("a child too many is refused until one of the others has ended")
  void refused() {
    Rehearsal rehearsal = running(Supervisor.simpleOneForOne(SESSION).maxChildren(2));
    rehearsal.on(new Event.StartDynamic("a")).on(new Event.StartDynamic("b"));
    assertInstanceOf(StartOutcome.Started.class, rehearsal.reply);
    rehearsal.on(new Event.StartDynamic("c"));
    assertEquals(FULL, rehearsal.reply);
    rehearsal.ends(ExitReason.NORMAL, "a");
    rehearsal.on(new Event.StartDynamic("c"));
    assertInstanceOf(StartOutcome.Started.class, rehearsal.reply);
    assertEquals(2, rehearsal.children().size());
  }

  @Test
  @DisplayName("a child that waits for its restart counts")
  void restartingCounts() {
    ChildSpec permanent = SESSION.restart(Restart.PERMANENT);
    Rehearsal rehearsal = running(Supervisor.simpleOneForOne(permanent).maxChildren(1));
    rehearsal.on(new Event.StartDynamic("a"));
    rehearsal.script = _ -> StartResult.failed(BOOM);
    rehearsal.ends(BOOM, "a");
    assertEquals(List.of("null=restarting"), rehearsal.children());
    rehearsal.on(new Event.StartDynamic("b"));
    assertEquals(FULL, rehearsal.reply);
  }

  @Test
  @DisplayName("a child that was asked for with its own kind of restart keeps it, upgraded or not")
  void ownRestart() {
    Rehearsal rehearsal = running(Supervisor.simpleOneForOne(SESSION).intensity(10, SECOND));
    rehearsal.on(new Event.StartDynamic("own", Restart.PERMANENT));
    rehearsal.on(new Event.StartDynamic("template"));
    rehearsal.ends(BOOM, "own").ends(BOOM, "template");
    assertEquals(List.of("null=running"), rehearsal.children());
    Supervisor description = Supervisor.simpleOneForOne(SESSION).intensity(10, SECOND);
    rehearsal.on(new Event.Upgrade(description.checkedSpec()));
    rehearsal.ends(ExitReason.NORMAL, "own");
    assertEquals(List.of("null=running"), rehearsal.children());
  }

  @Test
  @DisplayName("only a simple_one_for_one supervisor can have a limit, of none or more")
  void checked() {
    assertThrows(
        IllegalArgumentException.class, () -> Supervisor.simpleOneForOne(SESSION).maxChildren(-1));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> running(Supervisor.oneForOne().maxChildren(3)));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("simple_one_for_one"), refused::toString);
  }
}
