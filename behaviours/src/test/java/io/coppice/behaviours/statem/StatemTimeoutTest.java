package io.coppice.behaviours.statem;

import static io.coppice.behaviours.server.TestBed.inProcess;
import static io.coppice.behaviours.statem.Probe.does;
import static io.coppice.behaviours.statem.Probe.doing;
import static io.coppice.behaviours.statem.Probe.go;
import static io.coppice.behaviours.statem.Probe.internal;
import static io.coppice.behaviours.statem.Probe.keep;
import static io.coppice.behaviours.statem.Probe.newTrace;
import static io.coppice.behaviours.statem.Probe.plain;
import static io.coppice.behaviours.statem.Probe.seen;
import static io.coppice.behaviours.statem.Probe.together;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Sys;
import io.coppice.behaviours.statem.Probe.Message;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.WaitReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The three kinds of timeouts (semantics 5.3), and hibernation (SM42). */
class StatemTimeoutTest {
  private static final Duration ZERO = Duration.ZERO;
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final Duration HALF = SHORT.dividedBy(2);
  private static final Duration TWO_SHORT = SHORT.multipliedBy(2);

  /** Runs a test with a machine. */
  private static void with(MachineTest test) throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          test.run(self, Probe.start(self, trace), trace);
        });
  }

  private interface MachineTest {
    void run(Context self, StatemRef<Message> machine, List<String> trace) throws Exception;
  }

  @Test
  @DisplayName(
      "STM-013 a state timeout gives way to inserted events and to a change of state, zero timeouts"
          + " cancel an event timeout, and messages come after all of it")
  void stateTimeout() throws Exception {
    with(
        (self, machine, trace) -> {
          Probe.Do third =
              does(
                  "third", Transition.nextState("d", "data", Action.stateTimeout(SHORT, "fourth")));
          Action second =
              Action.internal(keep("second", Action.eventTimeout(ZERO, "cancelled too")));
          Action first =
              Action.internal(
                  go(
                      "c",
                      Action.eventTimeout(ZERO, "cancelled"),
                      Action.stateTimeout(ZERO, third),
                      second));
          Probe.Do start =
              doing(
                  "start",
                  (event, state, data) -> {
                    self.send(Probe.pid(machine), "to itself");
                    return Transition.nextState(
                        "b", data, Action.stateTimeout(SHORT, "never"), first);
                  });
          machine.cast(start);
          self.sleep(Duration.ofMillis(1)); // its own message comes after what is asked here
          assertEquals(
              List.of(
                  "cast start",
                  "internal go",
                  "internal second",
                  "state_timeout third",
                  "info to itself"),
              seen(machine, trace));
          self.sleep(SHORT);
          assertEquals(List.of("state_timeout fourth"), seen(machine, trace));
          self.sleep(TWO_SHORT);
          assertEquals(List.of(), seen(machine, trace));
        });
  }

  @Test
  @DisplayName(
      "STM-016 named timeouts fire in the order of their times, absolute ones too; one set again or"
          + " to never does not fire")
  void genericTimers() throws Exception {
    with(
        (self, machine, trace) -> {
          Probe.Do start =
              doing(
                  "start",
                  (event, state, data) ->
                      Transition.keepStateAndData(
                          Action.timeout("a", Duration.ofMillis(50), "1"),
                          Action.timeout("b", Duration.ofMillis(30), "2"),
                          Action.timeoutAt(
                              TimeoutType.named("c"),
                              self.monotonicNanos() + Duration.ofMillis(200).toNanos(),
                              "3"),
                          Action.timeout("d", Duration.ofMillis(10), "4")));
          machine.cast(start);
          machine.cast(
              keep(
                  "change",
                  Action.timeout("b", null, "never"),
                  Action.timeout("a", Duration.ofMillis(90), "again"),
                  Action.timeoutAt(
                      TimeoutType.named("c"),
                      self.monotonicNanos() + Duration.ofMillis(40).toNanos(),
                      "sooner")));
          self.sleep(Duration.ofMillis(300));
          assertEquals(
              List.of(
                  "cast start",
                  "cast change",
                  "{timeout, d} 4",
                  "{timeout, c} sooner",
                  "{timeout, a} again"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName("STM-033 of two state timeouts in one list only the last fires")
  void lastTimeoutWins() throws Exception {
    with(
        (self, machine, trace) -> {
          machine.cast(
              keep("both", Action.stateTimeout(HALF, "first"), Action.stateTimeout(SHORT, "last")));
          machine.cast(
              keep("zero", Action.timeout("n", ZERO, "first"), Action.timeout("n", ZERO, "last")));
          self.sleep(TWO_SHORT);
          assertEquals(
              List.of("cast both", "cast zero", "{timeout, n} last", "state_timeout last"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName("STM-034 an update of a timeout that is not running fires at once")
  void updateWithoutTimer() throws Exception {
    with(
        (self, machine, trace) -> {
          together(
              machine,
              keep("update", Action.updateTimeout(TimeoutType.named("n"), "x")),
              plain("m"));
          assertEquals(List.of("cast update", "{timeout, n} x", "cast m"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM23 An update changes what a running timeout carries and keeps its time")
  void update() throws Exception {
    with(
        (self, machine, trace) -> {
          machine.cast(keep("set", Action.stateTimeout(SHORT, "old")));
          self.sleep(HALF);
          machine.cast(keep("update", Action.updateTimeout(TimeoutType.STATE, "new")));
          self.sleep(HALF);
          assertEquals(
              List.of("cast set", "cast update", "state_timeout new"), seen(machine, trace));
          machine.cast(
              keep(
                  "zeros",
                  Action.stateTimeout(ZERO, "s"),
                  Action.timeout("n", ZERO, "n"),
                  internal("i")));
          assertEquals(
              List.of("cast zeros", "internal i", "state_timeout s", "{timeout, n} n"),
              seen(machine, trace));
          Action change =
              Action.internal(keep("change", Action.updateTimeout(TimeoutType.STATE, "changed")));
          machine.cast(
              keep(
                  "zeros", Action.stateTimeout(ZERO, "s"), Action.timeout("n", ZERO, "n"), change));
          assertEquals(
              List.of("cast zeros", "internal change", "state_timeout changed", "{timeout, n} n"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName("STM-038 a system message does not touch an event timeout")
  void systemMessagesKeepTimeouts() throws Exception {
    with(
        (self, machine, trace) -> {
          machine.cast(keep("set", Action.eventTimeout(SHORT, "quiet")));
          assertEquals(List.of("cast set"), seen(machine, trace));
          long set = self.monotonicNanos();
          self.sleep(Duration.ofMillis(50));
          Object ignored = machine.sys().getState();
          assertEquals(new StateAndData<>("a", "data"), ignored);
          while (trace.isEmpty()) {
            self.sleep(Duration.ofMillis(1));
          }
          long late = self.monotonicNanos() - set - SHORT.toNanos();
          assertTrue(late >= 0 && late < 5_000_000, () -> late + " ns late");
          assertEquals(List.of("timeout quiet"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("STM-043 any event cancels an event timeout, also one that keeps the state")
  void anyEventCancels() throws Exception {
    with(
        (self, machine, trace) -> {
          machine.cast(keep("set", Action.eventTimeout(SHORT, "never")));
          self.sleep(HALF);
          machine.cast(plain("m"));
          self.sleep(TWO_SHORT);
          assertEquals(List.of("cast set", "cast m"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM20 An event timeout of a bare time carries that time")
  void bareTime() throws Exception {
    with(
        (self, machine, trace) -> {
          machine.cast(keep("set", Action.eventTimeout(SHORT)));
          self.sleep(SHORT);
          assertEquals(List.of("cast set", "timeout " + SHORT), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM21 A state timeout survives events of its state and ends with the state")
  void stateTimeoutEndsWithTheState() throws Exception {
    with(
        (self, machine, trace) -> {
          machine.cast(keep("set", Action.stateTimeout(SHORT, "one")));
          self.sleep(HALF);
          machine.cast(plain("m"));
          self.sleep(HALF);
          assertEquals(List.of("cast set", "cast m", "state_timeout one"), seen(machine, trace));
          machine.cast(keep("set", Action.stateTimeout(SHORT, "never")));
          machine.cast(go("b"));
          self.sleep(TWO_SHORT);
          assertEquals(List.of("cast set", "cast go"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM22 A named timeout survives events and changes of state")
  void namedTimeoutSurvives() throws Exception {
    with(
        (self, machine, trace) -> {
          machine.cast(keep("set", Action.timeout("n", SHORT, "over")));
          machine.cast(go("b"));
          machine.cast(plain("m"));
          self.sleep(SHORT);
          assertEquals(
              List.of("cast set", "cast go", "cast m", "{timeout, n} over"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM23 A cancelled timeout does not fire, of any kind, nor does one of time zero")
  void cancel() throws Exception {
    with(
        (self, machine, trace) -> {
          Action[] cancels = {
            Action.cancelTimeout(TimeoutType.STATE),
            Action.cancelTimeout(TimeoutType.named("n")),
            Action.cancelTimeout(TimeoutType.EVENT)
          };
          machine.cast(
              keep("set", Action.stateTimeout(SHORT, "s"), Action.timeout("n", SHORT, "n")));
          machine.cast(keep("cancel", cancels));
          machine.cast(
              keep(
                  "zero",
                  Action.stateTimeout(ZERO, "s"),
                  Action.timeout("n", ZERO, "n"),
                  Action.internal(keep("cancel", cancels))));
          machine.cast(
              keep("never", Action.stateTimeout(SHORT, "s"), Action.eventTimeout(null, "e")));
          machine.cast(keep("never", Action.stateTimeout(null, "s")));
          self.sleep(TWO_SHORT);
          assertEquals(
              List.of(
                  "cast set",
                  "cast cancel",
                  "cast zero",
                  "internal cancel",
                  "cast never",
                  "cast never"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM24 Zero timeouts come in the order in which they were set, and before messages")
  void zeroOrder() throws Exception {
    with(
        (self, machine, trace) -> {
          together(
              machine,
              keep(
                  "set",
                  Action.timeout("x", ZERO, "1"),
                  Action.stateTimeout(ZERO, "2"),
                  Action.timeout("y", ZERO, "3"),
                  Action.eventTimeout(ZERO, "cancelled")),
              plain("m"));
          assertEquals(
              List.of("cast set", "{timeout, x} 1", "state_timeout 2", "{timeout, y} 3", "cast m"),
              seen(machine, trace));
          together(machine, keep("set", Action.eventTimeout(ZERO, "alone")), plain("m"));
          assertEquals(List.of("cast set", "timeout alone", "cast m"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM25 An absolute time that is past fires at once, after the messages that wait")
  void absoluteTime() throws Exception {
    with(
        (self, machine, trace) -> {
          together(
              machine,
              keep("set", Action.timeoutAt(TimeoutType.STATE, Long.MIN_VALUE, "past")),
              plain("m"));
          self.sleep(Duration.ofMillis(1));
          assertEquals(List.of("cast set", "cast m", "state_timeout past"), seen(machine, trace));
          assertThrows(
              IllegalArgumentException.class, () -> Action.stateTimeout(SHORT.negated(), "x"));
        });
  }

  @Test
  @DisplayName(
      "SM26 A timeout that has expired into the mailbox is not delivered once it is cancelled or"
          + " replaced; a Timeout of another timer is an ordinary message")
  void expiredAndCancelled() throws Exception {
    with(
        (self, machine, trace) -> {
          machine.cast(
              keep("set", Action.stateTimeout(SHORT, "s"), Action.timeout("n", SHORT, "n")));
          Sys sys = machine.sys();
          sys.suspend();
          machine.cast(
              keep(
                  "cancel",
                  Action.cancelTimeout(TimeoutType.STATE),
                  Action.timeout("n", SHORT, "again")));
          self.sleep(TWO_SHORT);
          sys.resume();
          assertEquals(List.of("cast set", "cast cancel"), seen(machine, trace));
          self.sleep(SHORT);
          assertEquals(List.of("{timeout, n} again"), seen(machine, trace));
          self.startTimer(SHORT, Probe.pid(machine), "own");
          self.sleep(SHORT);
          List<String> seen = seen(machine, trace);
          assertEquals(1, seen.size());
          assertTrue(seen.getFirst().startsWith("info Timeout["), seen::toString);
        });
  }

  @Test
  @DisplayName(
      "STM-023 a machine hibernates when asked to, from init, a call, a cast or an enter call, but"
          + " not while events are queued, and wakes properly")
  void hibernate() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          Probe probe =
              new Probe(trace) {
                @Override
                public Init<String, Object> init(Context context) throws Exception {
                  Init<String, Object> unused = super.init(context);
                  assertTrue(unused instanceof Init.Up<?, ?>);
                  return Init.state("a", "data", Action.hibernate());
                }

                @Override
                public EnterResult<String, Object> handleEnter(
                    String oldState, String state, Object data) {
                  return state.equals("resting")
                      ? EnterResult.keepStateAndData(Action.hibernate())
                      : EnterResult.keepStateAndData();
                }
              };
          StatemRef<Message> machine =
              Probe.start(self, probe.mode(CallbackMode.HANDLE_EVENT.withStateEnter()));
          assertHibernating(self, machine, true);
          assertEquals("a", machine.call(plain("wake")));
          assertHibernating(self, machine, false);
          machine.cast(keep("cast", Action.hibernate()));
          assertHibernating(self, machine, true);
          machine.cast(keep("stay up", Action.hibernate(), Action.hibernate(false)));
          assertHibernating(self, machine, false);
          Probe.Body answer =
              (event, state, data) ->
                  Transition.keepStateAndData(
                      Action.hibernate(),
                      Action.reply(((Event.Call<Message>) event).from(), "resting"));
          assertEquals("resting", machine.call(doing("call", answer)));
          assertHibernating(self, machine, true);
          machine.cast(go("resting"));
          assertHibernating(self, machine, true);
          machine.cast(keep("queued", Action.hibernate(), internal("i")));
          assertHibernating(self, machine, false);
          machine.cast(keep("timed", Action.hibernate(), Action.stateTimeout(SHORT, "wake")));
          assertHibernating(self, machine, true);
          self.sleep(SHORT);
          assertHibernating(self, machine, false);
        });
  }

  private static void assertHibernating(
      Context self, StatemRef<Message> machine, boolean expected) {
    assertEquals(expected, machine.sys().getStatus().hibernating());
    self.sleep(Duration.ofMillis(1));
    assertEquals(expected, kernelSaysHibernating(self, machine));
  }

  private static boolean kernelSaysHibernating(Context self, StatemRef<Message> machine) {
    return self.info(Probe.pid(machine)).orElseThrow().waitReason() == WaitReason.HIBERNATE;
  }

  @Test
  @DisplayName("STM-024 a machine that is idle for hibernateAfter rests, again after each message")
  void autoHibernate() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine =
              GenStatem.<Message, String, Object>start(
                      self, () -> new Probe(trace), StatemOptions.DEFAULT.hibernateAfter(SHORT))
                  .orThrow();
          assertFalse(machine.sys().getStatus().hibernating());
          self.sleep(TWO_SHORT);
          assertTrue(machine.sys().getStatus().hibernating());
          assertTrue(machine.sys().getStatus().hibernating(), "a system message does not end it");
          machine.cast(keep("set", Action.stateTimeout(TWO_SHORT.plus(TWO_SHORT), "over")));
          assertFalse(machine.sys().getStatus().hibernating());
          self.sleep(TWO_SHORT);
          assertTrue(machine.sys().getStatus().hibernating(), "a timeout that runs is no message");
          self.sleep(TWO_SHORT.plus(HALF));
          assertFalse(machine.sys().getStatus().hibernating(), "its event is one");
          self.sleep(TWO_SHORT);
          assertTrue(machine.sys().getStatus().hibernating());
        });
  }

  @Test
  @DisplayName("SM42 The message of a timeout that was cancelled too late does not end the rest")
  void cancelledTooLate() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          Probe probe = new Probe(trace);
          StatemRef<Message> machine = Probe.start(self, probe);
          machine.cast(keep("set", Action.stateTimeout(SHORT, "never")));
          machine.cast(
              doing(
                  "busy",
                  (event, state, data) -> {
                    probe.self().sleep(TWO_SHORT);
                    return Transition.keepStateAndData(
                        Action.cancelTimeout(TimeoutType.STATE), Action.hibernate());
                  }));
          self.sleep(TWO_SHORT.plus(SHORT));
          assertTrue(kernelSaysHibernating(self, machine));
          assertHibernating(self, machine, true);
          assertEquals(List.of("cast set", "cast busy"), seen(machine, trace));
        });
  }
}
