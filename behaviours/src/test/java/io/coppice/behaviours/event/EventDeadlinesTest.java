package io.coppice.behaviours.event;

import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.behaviours.Call;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Deadlines;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.StandingOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Event managers that drop what nobody waits for. */
class EventDeadlinesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  /** Tells all it has seen; durations take as long. */
  private static final class Slow implements EventHandler<Object, Slow.Question, List<Object>> {
    sealed interface Question {}

    record Ask() implements Question, Call<Question, List<Object>> {}

    record Settle() implements Question, Call<Question, List<Object>>, StandingOrder {}

    private @Nullable Context self;

    @Override
    public EventInit<List<Object>> init(Context context) {
      self = context;
      return EventInit.state(List.of());
    }

    @Override
    public EventStep<List<Object>> handleEvent(Object event, List<Object> seen) {
      if (event instanceof Duration time) {
        Objects.requireNonNull(self).sleep(time);
      }
      return EventStep.next(with(seen, event));
    }

    @Override
    public EventResult<List<Object>> handleCall(Question question, List<Object> seen) {
      return EventResult.reply(with(seen, question), with(seen, question));
    }

    private static List<Object> with(List<Object> seen, Object more) {
      List<Object> all = new ArrayList<>(seen);
      all.add(more);
      return List.copyOf(all);
    }
  }

  private record Pressing() implements StandingOrder {}

  private static void assertTimesOut(Runnable call) {
    assertEquals(ExitReason.TIMEOUT, assertThrows(CallFailed.class, call::run).reason());
  }

  @Test
  @DisplayName("Under DROP only what somebody waits for is done, and what is a standing order")
  void dropped() {
    inProcess(
        self -> {
          EventOptions options =
              EventOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.deadlines(Deadlines.DROP));
          EventRef<Object> events = GenEvent.start(self, options).orThrow();
          HandlerId<Slow.Question> slow = HandlerId.of(Slow.class);
          events.add(slow, Slow::new);
          events.notify(SECOND);
          assertTimesOut(() -> events.syncNotify("late", SHORT));
          assertTimesOut(() -> events.syncNotify(new Pressing(), SHORT));
          assertTimesOut(() -> events.call(slow, new Slow.Ask(), SHORT));
          assertTimesOut(() -> events.call(slow, new Slow.Settle(), SHORT));
          events.notify("event");
          assertEquals(
              List.of(SECOND, new Pressing(), new Slow.Settle(), "event", new Slow.Ask()),
              events.call(slow, new Slow.Ask()));
          assertEquals(2, self.counters().expired());
        });
  }
}
