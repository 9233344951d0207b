package io.coppice.behaviours.statem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Sys;
import io.coppice.behaviours.statem.Scenario.Kind;
import io.coppice.behaviours.statem.Scenario.Op;
import io.coppice.behaviours.statem.Scenario.Round;
import io.coppice.behaviours.statem.Scenario.Timer;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random stories, told by a machine and by a model that is too simple to be wrong. */
class StatemModelTest {
  private static final int SEEDS = 300;

  /** Timers that expire closer to each other than that have no order that can be told. */
  private static final int UNCLEAR_MILLIS = 4;

  /** Does what its events say, and traces them. */
  private static final class Actor implements GenStatem<Op, String, String> {
    private final Scenario scenario;
    private final List<String> trace;
    private final Map<Integer, Integer> attempts = new HashMap<>();
    private @Nullable Context self;

    Actor(Scenario scenario, List<String> trace) {
      this.scenario = scenario;
      this.trace = trace;
    }

    @Override
    public Init<String, String> init(Context context) {
      self = context;
      return Init.state("a", "data");
    }

    @Override
    public CallbackMode callbackMode() {
      return scenario.mode;
    }

    @Override
    public StateFunction<Op, String, String> stateFunction(String state) {
      StateFunction<Op, String, String> events = (event, data) -> handleEvent(event, state, data);
      return events.onEnter((oldState, data) -> handleEnter(oldState, state, data));
    }

    @Override
    public EnterResult<String, String> handleEnter(String oldState, String state, String data) {
      trace.add("enter " + oldState + " " + state);
      return EnterResult.keepStateAndData(
          Objects.requireNonNull(scenario.onEnter.get(state)).stream()
              .map(timer -> timer.action(Objects.requireNonNull(self)))
              .toArray(EnterAction[]::new));
    }

    @Override
    public Transition<String, String> handleEvent(Event<Op> event, String state, String data) {
      trace.add(Probe.text(event) + " in " + state);
      Op op = op(event);
      int attempt = attempts.merge(op.id(), 1, Integer::sum);
      List<Action> actions = new ArrayList<>();
      if (attempt <= op.postpones()) {
        actions.add(Action.postpone());
      }
      if (attempt == 1) {
        op.inserted().forEach(next -> actions.add(Action.internal(next)));
        op.timeouts().forEach(timer -> actions.add(timer.action(Objects.requireNonNull(self))));
      }
      Action[] all = actions.toArray(new Action[0]);
      String change = attempt == 1 ? op.change() : null;
      if (change == null) {
        return Transition.keepStateAndData(all);
      }
      return change.equals("repeat")
          ? Transition.repeatStateAndData(all)
          : Transition.nextState(change, data, all);
    }

    private static Op op(Event<Op> event) {
      return switch (event) {
        case Event.Cast<Op>(Op op) -> op;
        case Event.Internal<Op>(Op op) -> op;
        case Event.EventTimeout<Op>(Op op) -> op;
        case Event.StateTimeout<Op>(Op op) -> op;
        case Event.Timeout<Op>(var name, Op op) -> op;
        default -> throw new AssertionError("not sent: " + event);
      };
    }
  }

  /** The same in lists, one rule after the other. */
  private static final class Model {
    private static final class Running {
      final TimeoutType type;
      final long deadline;
      Op content;
      boolean expired;

      Running(TimeoutType type, long deadline, Op content) {
        this.type = type;
        this.deadline = deadline;
        this.content = content;
      }
    }

    private record Pending(String type, Op op) {}

    final List<String> trace = new ArrayList<>();
    boolean unclear;
    private final Scenario scenario;
    private final Map<Integer, Integer> attempts = new HashMap<>();
    private final List<Pending> queue = new ArrayList<>();
    private final List<Pending> postponed = new ArrayList<>();
    private final List<Running> running = new ArrayList<>();
    private final List<Running> zeros = new ArrayList<>();
    private String state = "a";
    private long now;

    Model(Scenario scenario) {
      this.scenario = scenario;
      if (scenario.mode.stateEnter()) {
        set(enter("a"));
      }
      drain();
    }

    void play(Round round) {
      List<Object> mailbox = new ArrayList<>(round.before());
      long resumed = now + round.suspendedMillis();
      for (Optional<Running> due = due(resumed); due.isPresent(); due = due(resumed)) {
        due.get().expired = true;
        mailbox.add(due.get());
      }
      mailbox.addAll(round.after());
      now = resumed;
      mailbox.forEach(this::receive);
      long end = now + round.millis();
      for (Optional<Running> due = due(end); due.isPresent(); due = due(end)) {
        now = due.get().deadline;
        receive(due.get());
      }
      now = end;
    }

    /** The next timer that expires up to then. */
    private Optional<Running> due(long limit) {
      unclear |= running.stream().anyMatch(timer -> !timer.expired && near(timer.deadline, limit));
      return running.stream()
          .filter(timer -> !timer.expired && timer.deadline <= limit)
          .min(Comparator.comparingLong(timer -> timer.deadline));
    }

    private void receive(Object message) {
      if (message instanceof Op op) {
        handle(new Pending("cast", op));
      } else if (message instanceof Running timer && running.remove(timer)) {
        handle(new Pending(timer.type.toString(), timer.content));
      }
      drain();
    }

    private void drain() {
      while (!queue.isEmpty() || !zeros.isEmpty()) {
        if (!queue.isEmpty()) {
          handle(queue.removeFirst());
        } else {
          Running zero = zeros.removeFirst();
          handle(new Pending(zero.type.toString(), zero.content));
        }
      }
    }

    private void handle(Pending event) {
      Op op = event.op();
      trace.add(event.type() + " " + op + " in " + state);
      int attempt = attempts.merge(op.id(), 1, Integer::sum);
      String old = state;
      List<Timer> timers = new ArrayList<>();
      List<Pending> inserted = new ArrayList<>();
      if (attempt == 1) {
        timers.addAll(op.timeouts());
        op.inserted().forEach(next -> inserted.add(new Pending("internal", next)));
        boolean repeat = "repeat".equals(op.change());
        if (op.change() != null && !repeat) {
          state = op.change();
        }
        if (scenario.mode.stateEnter() && (repeat || !old.equals(state))) {
          timers.addAll(enter(old));
        }
      }
      if (attempt <= op.postpones()) {
        postponed.add(event);
      }
      if (!old.equals(state)) {
        queue.addAll(0, postponed);
        postponed.clear();
        remove(TimeoutType.STATE);
      }
      remove(TimeoutType.EVENT);
      set(timers);
      queue.addAll(0, inserted);
    }

    private List<Timer> enter(String old) {
      trace.add("enter " + old + " " + state);
      return Objects.requireNonNull(scenario.onEnter.get(state));
    }

    private void set(List<Timer> timers) {
      for (int i = 0; i < timers.size(); i++) {
        Timer timer = timers.get(i);
        boolean last =
            timers.subList(i + 1, timers.size()).stream()
                .noneMatch(later -> later.type().equals(timer.type()));
        if (last) {
          set(timer);
        }
      }
    }

    private void set(Timer timer) {
      if (timer.kind() == Kind.UPDATE) {
        List<Running> set = new ArrayList<>(running);
        set.addAll(zeros);
        set.removeIf(other -> !other.type.equals(timer.type()));
        set.forEach(other -> other.content = timer.content());
        if (set.isEmpty()) {
          zeros.add(new Running(timer.type(), now, timer.content()));
        }
        return;
      }
      remove(timer.type());
      if (timer.kind() != Kind.CANCEL) {
        long deadline = now + timer.millis();
        unclear |= running.stream().anyMatch(other -> near(other.deadline, deadline));
        Running started = new Running(timer.type(), deadline, timer.content());
        (timer.millis() == 0 ? zeros : running).add(started);
      }
    }

    private void remove(TimeoutType type) {
      running.removeIf(timer -> timer.type.equals(type));
      zeros.removeIf(timer -> timer.type.equals(type));
    }

    private static boolean near(long one, long other) {
      return Math.abs(one - other) <= UNCLEAR_MILLIS;
    }
  }

  private static void play(Context self, StatemRef<Op> machine, Scenario scenario) {
    Sys sys = machine.sys();
    for (Round round : scenario.rounds) {
      sys.suspend();
      round.before().forEach(machine::cast);
      self.sleep(Duration.ofMillis(round.suspendedMillis()));
      round.after().forEach(machine::cast);
      sys.resume();
      Object settled = sys.getState();
      assertTrue(settled instanceof StateAndData<?, ?>);
      self.sleep(Duration.ofMillis(round.millis()));
    }
  }

  @Test
  @DisplayName("SM10 SM16 SM24 a machine does what the model does, in the same order")
  void sameAsTheModel() {
    int[] told = new int[2];
    TestNode.forSeeds(
        SEEDS,
        node -> {
          Scenario scenario = new Scenario(node.seed());
          Model model = new Model(scenario);
          scenario.rounds.forEach(model::play);
          if (model.unclear) {
            return;
          }
          List<String> trace = new ArrayList<>();
          node.run(
              self -> {
                StatemRef<Op> machine =
                    GenStatem.start(self, () -> new Actor(scenario, trace)).orThrow();
                play(self, machine, scenario);
                machine.stop();
              });
          assertEquals(model.trace, trace);
          told[0]++;
          told[1] += trace.size();
        });
    assertTrue(told[0] > SEEDS / 3, () -> "only " + told[0] + " stories are clear");
    assertTrue(told[1] > told[0] * 15, () -> "only " + told[1] + " events");
  }
}
