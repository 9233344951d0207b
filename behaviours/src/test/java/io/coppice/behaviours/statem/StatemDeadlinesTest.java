package io.coppice.behaviours.statem;

import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.behaviours.Call;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Deadlines;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** State machines that drop what nobody waits for, also when they have postponed it. */
class StatemDeadlinesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  /** Postpones what it is asked until it is told to begin; then asks a silent process itself. */
  private static final class Late implements GenStatem<Late.Message, Boolean, List<String>> {
    sealed interface Message {}

    record Begin() implements Message {}

    record Ask(String what) implements Message, Call<Message, String> {}

    private final Context self;
    private final Pid silent;

    Late(Context self, Pid silent) {
      this.self = self;
      this.silent = silent;
    }

    @Override
    public Init<Boolean, List<String>> init(Context context) {
      return Init.state(false, new ArrayList<>());
    }

    @Override
    public CallbackMode callbackMode() {
      return CallbackMode.HANDLE_EVENT;
    }

    @Override
    public Transition<Boolean, List<String>> handleEvent(
        Event<Message> event, Boolean begun, List<String> seen) {
      if (event instanceof Event.Cast<Message>(Begin begin)) {
        return Transition.nextState(true, seen);
      }
      if (!begun) {
        return Transition.keepStateAndData(Action.postpone());
      }
      if (event instanceof Event.Call<Message>(Ask(String what), var from)) {
        long start = self.monotonicNanos();
        assertTimesOut(() -> self.node().call(silent, "?", SECOND.multipliedBy(60)));
        seen.add(what + " " + Duration.ofNanos(self.monotonicNanos() - start));
      }
      return Transition.keepStateAndData();
    }
  }

  private static void assertTimesOut(Runnable call) {
    assertEquals(ExitReason.TIMEOUT, assertThrows(CallFailed.class, call::run).reason());
  }

  private static StatemRef<Late.Message> start(Context self, Deadlines deadlines) {
    Pid silent = self.spawn((other, message) -> {});
    StatemOptions options = StatemOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.deadlines(deadlines));
    return GenStatem.start(self, () -> new Late(self, silent), options).orThrow();
  }

  /** Two calls are postponed, and one client leaves before the state changes. */
  private static Object seenAfter(Context self, Deadlines deadlines) {
    StatemRef<Late.Message> late = start(self, deadlines);
    self.spawn(other -> assertTimesOut(() -> late.call(new Late.Ask("patient"), SECOND)));
    assertTimesOut(() -> late.call(new Late.Ask("left"), SHORT));
    late.cast(new Late.Begin());
    self.sleep(SECOND.multipliedBy(200));
    return assertInstanceOf(StateAndData.class, late.sys().getState()).data();
  }

  @Test
  @DisplayName("Under DROP a postponed call is not retried for a client that has left")
  void dropped() {
    inProcess(
        self -> {
          assertEquals(List.of("patient PT1M"), seenAfter(self, Deadlines.DROP));
          assertEquals(1, self.counters().expired());
        });
  }

  @Test
  @DisplayName("G24 by default it is")
  void kept() {
    inProcess(
        self -> {
          List<?> seen = (List<?>) seenAfter(self, Deadlines.IGNORE);
          assertEquals(List.of("left PT1M", "patient PT1M"), seen.stream().sorted().toList());
        });
  }

  @Test
  @DisplayName("Under PASS_ON the calls made for a postponed call have what its client has left")
  void passedOn() {
    inProcess(self -> assertEquals(List.of("patient PT0.9S"), seenAfter(self, Deadlines.PASS_ON)));
  }
}
