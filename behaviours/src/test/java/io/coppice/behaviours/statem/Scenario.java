package io.coppice.behaviours.statem;

import io.coppice.kernel.process.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A random story for a state machine, drawn from a seed; see {@link StatemModelTest}. */
final class Scenario {
  static final List<String> STATES = List.of("a", "b", "c");
  private static final List<TimeoutType> TYPES =
      List.of(TimeoutType.EVENT, TimeoutType.STATE, TimeoutType.named("x"), TimeoutType.named("y"));

  /**
   * What an event does when it is handled for the first time; later it does nothing but postpone
   * itself, as long as it is to be postponed.
   *
   * @param id its name in the trace
   * @param change the state it leads to, "repeat", or null to keep the state
   * @param postpones how often it is postponed
   * @param inserted the events it inserts
   * @param timeouts what it does with the timeouts
   */
  record Op(
      int id, @Nullable String change, int postpones, List<Op> inserted, List<Timer> timeouts) {
    @Override
    public String toString() {
      return "op" + id;
    }
  }

  enum Kind {
    START,
    START_AT,
    CANCEL,
    UPDATE
  }

  /** What is done with a timeout. */
  record Timer(TimeoutType type, Kind kind, int millis, Op content) {
    EnterAction action(Context self) {
      return switch (kind) {
        case START -> new TimeoutAction.Start(type, Duration.ofMillis(millis), content);
        case START_AT ->
            Action.timeoutAt(type, self.monotonicNanos() + millis * 1_000_000L, content);
        case CANCEL -> Action.cancelTimeout(type);
        case UPDATE -> Action.updateTimeout(type, content);
      };
    }
  }

  /** What the client does: sends, lets time pass while the machine is suspended, sends, waits. */
  record Round(List<Op> before, int suspendedMillis, List<Op> after, int millis) {}

  final List<Round> rounds = new ArrayList<>();
  final Map<String, List<Timer>> onEnter = new HashMap<>();
  final CallbackMode mode;
  private final Random random;
  private int lastId;

  Scenario(long seed) {
    random = new Random(seed);
    CallbackMode.Style style =
        random.nextBoolean() ? CallbackMode.Style.HANDLE_EVENT : CallbackMode.Style.STATE_FUNCTIONS;
    mode = new CallbackMode(style, random.nextInt(4) > 0);
    for (String state : STATES) {
      onEnter.put(state, timers(1));
    }
    int size = 1 + random.nextInt(4);
    for (int i = 0; i < size; i++) {
      int suspended = random.nextBoolean() ? 0 : random.nextInt(1000);
      rounds.add(new Round(ops(4, 3), suspended, ops(2, 3), random.nextInt(2000)));
    }
    rounds.add(new Round(List.of(), 0, List.of(), 100_000)); // all timers come to their end
  }

  private List<Op> ops(int most, int depth) {
    List<Op> all = new ArrayList<>();
    int size = depth <= 0 ? 0 : random.nextInt(most + 1);
    for (int i = 0; i < size; i++) {
      all.add(op(depth));
    }
    return List.copyOf(all);
  }

  private Op op(int depth) {
    int id = ++lastId;
    int kind = random.nextInt(6);
    String change = kind < 3 ? STATES.get(kind) : kind == 3 ? "repeat" : null;
    int postpones = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
    List<Op> inserted = random.nextInt(3) == 0 ? ops(2, depth - 1) : List.of();
    return new Op(id, change, postpones, inserted, timers(depth - 1));
  }

  private List<Timer> timers(int depth) {
    List<Timer> all = new ArrayList<>();
    int size = depth <= 0 ? 0 : random.nextInt(4);
    for (int i = 0; i < size; i++) {
      TimeoutType type = TYPES.get(random.nextInt(TYPES.size()));
      Kind kind = Kind.values()[Math.max(0, random.nextInt(7) - 3)];
      boolean zero = kind == Kind.START && random.nextInt(3) == 0;
      int millis = zero ? 0 : 50 + 10 * random.nextInt(200);
      all.add(new Timer(type, kind, millis, op(depth - 1)));
    }
    return List.copyOf(all);
  }
}
