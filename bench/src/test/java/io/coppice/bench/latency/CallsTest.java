package io.coppice.bench.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CallsTest {
  private static final long SECOND = 1_000_000_000;
  private static final long START = 77;

  /** A thousand calls, a millisecond apart, each answered after a microsecond. */
  private static Calls prompt(int from, int to, Calls calls) {
    for (int call = from; call < to; call++) {
      calls.answered(call, call + 1, calls.dueNanos(call) + 1_000);
    }
    return calls;
  }

  @Test
  @DisplayName("Calls are due evenly, and a rate that does not divide a second does not drift")
  void due() {
    Calls calls = new Calls(3, 1_000, START);
    assertEquals(3_000, calls.count());
    assertEquals(START, calls.dueNanos(0));
    assertEquals(START + 333_333_333, calls.dueNanos(1));
    assertEquals(START + 666_666_666, calls.dueNanos(2));
    assertEquals(START + SECOND, calls.dueNanos(3));
    assertEquals(START + 1_000 * SECOND, calls.endNanos());
  }

  @Test
  @DisplayName("A stall counts for every call that was due in it, not only for the one it met")
  void stall() {
    Calls calls = prompt(0, 400, new Calls(1_000, 1, START));
    long over = calls.dueNanos(600);
    for (int call = 400; call < 600; call++) {
      calls.answered(call, call + 1, over);
    }
    Calls.Outcome outcome = prompt(600, 1_000, calls).outcome(calls.endNanos());
    assertEquals(1_000, outcome.latencies().getTotalCount());
    assertEquals(200_000, outcome.micros(100), 200, "the call that the stall met first");
    assertEquals(100_000, outcome.micros(90), 1_100, "half of the 200 waited longer than this");
    assertEquals(1, outcome.micros(80), 0.01, "the other 800 calls");
    assertEquals(1_000, outcome.answered());
    assertEquals(0, outcome.late(), "all answers came while the phase lasted");
    assertTrue(calls.allAnswered());
  }

  @Test
  @DisplayName("Calls without an answer at the end are counted, with the time they have waited")
  void unanswered() {
    Calls calls = prompt(0, 900, new Calls(1_000, 1, START));
    calls.answered(900, 901, calls.endNanos() + SECOND); // after the end
    Calls.Outcome outcome = calls.outcome(calls.endNanos() + 2 * SECOND);
    assertFalse(calls.allAnswered());
    assertEquals(1_000, outcome.made());
    assertEquals(901, outcome.answered());
    assertEquals(100, outcome.late());
    assertFalse(outcome.silent());
    assertEquals(
        2_099_000, outcome.micros(100), 3_000, "call 901 waits since 99 ms before the end");
    assertTrue(new Calls(1_000, 1, START).outcome(START).silent());
  }

  @Test
  @DisplayName("A second answer to a call is counted as such and changes nothing else")
  void repeated() {
    Calls calls = prompt(0, 1_000, new Calls(1_000, 1, START));
    calls.answered(5, 1_001, calls.dueNanos(5) + SECOND);
    Calls.Outcome outcome = calls.outcome(calls.endNanos());
    assertEquals(1, outcome.repeated());
    assertEquals(1_000, outcome.answered());
    assertEquals(1_000, outcome.highest());
    assertEquals(1, outcome.micros(100), 0.01);
  }

  @Test
  @DisplayName("How late a call was made is told apart from its latency, which contains it")
  void lateness() {
    Calls calls = new Calls(1_000, 1, START);
    for (int call = 0; call < calls.count(); call++) {
      calls.made(call, calls.dueNanos(call) + 40_000);
      calls.answered(call, call + 1, calls.dueNanos(call) + 70_000);
    }
    Calls.Outcome outcome = calls.outcome(calls.endNanos());
    assertEquals(40, outcome.lateness().getMaxValue() / 1e3, 0.1);
    assertEquals(70, outcome.micros(50), 0.1);
  }
}
