package io.coppice.behaviours.statem;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static io.coppice.behaviours.statem.Probe.does;
import static io.coppice.behaviours.statem.Probe.doing;
import static io.coppice.behaviours.statem.Probe.go;
import static io.coppice.behaviours.statem.Probe.internal;
import static io.coppice.behaviours.statem.Probe.keep;
import static io.coppice.behaviours.statem.Probe.newTrace;
import static io.coppice.behaviours.statem.Probe.plain;
import static io.coppice.behaviours.statem.Probe.postponed;
import static io.coppice.behaviours.statem.Probe.seen;
import static io.coppice.behaviours.statem.Probe.together;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.statem.Probe.Message;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The order in which things happen in a transition (semantics 5.2, 5.4). */
class StatemTransitionTest {
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final CallbackMode ENTERING = CallbackMode.HANDLE_EVENT.withStateEnter();
  private static final EnterAction TIMED = Action.stateTimeout(SHORT, "over");

  private static Probe slowToTerminate(List<String> trace) {
    return new Probe(trace) {
      @Override
      public void terminate(ExitReason reason, String state, Object data) throws Exception {
        self().sleep(SHORT);
        super.terminate(reason, state, data);
      }
    };
  }

  @Test
  @DisplayName(
      "STM-010 stopAndReply answers an earlier and the present caller, in order and before"
          + " terminate runs")
  void stopAndReply() throws Exception {
    List<String> trace = newTrace();
    List<Request> waiting = new ArrayList<>();
    Probe.Do wait =
        doing(
            "wait",
            (event, state, data) -> {
              waiting.add(((Event.Call<Message>) event).from());
              return Transition.keepStateAndData();
            });
    Probe.Do stop =
        doing(
            "stop",
            (event, state, data) ->
                Transition.stopAndReply(
                    ExitReason.SHUTDOWN,
                    "last",
                    Action.reply(waiting.getFirst(), "earlier"),
                    Action.reply(((Event.Call<Message>) event).from(), "now")));
    inProcess(
        self -> {
          trace.clear();
          waiting.clear();
          StatemRef<Message> machine = Probe.start(self, slowToTerminate(trace));
          self.monitor(Probe.pid(machine));
          RequestId<Object> earlier = machine.send(self, wait);
          RequestId<Object> now = machine.send(self, stop);
          List<String> order = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            Object message = self.receive(SOON).orElseThrow();
            order.add(
                earlier
                    .check(message)
                    .or(() -> now.check(message))
                    .map(reply -> String.valueOf(reply.orThrow()))
                    .orElseGet(() -> message.getClass().getSimpleName()));
            assertEquals(i == 2, trace.contains("terminate shutdown a last"), order::toString);
          }
          assertEquals(List.of("earlier", "now", "Down"), order);
        });
  }

  @ParameterizedTest
  @EnumSource(CallbackMode.Style.class)
  @DisplayName("STM-015 an inserted event of any type is delivered as that type, before others")
  void eventTypes(CallbackMode.Style style) throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine =
              Probe.start(self, new Probe(trace).mode(new CallbackMode(style, false)));
          Probe.Do start =
              doing(
                  "start",
                  (event, state, data) ->
                      Transition.nextState(
                          "b",
                          data,
                          Action.nextEvent(new Event.Internal<>(1)),
                          Action.nextEvent(new Event.Cast<>(plain("2"))),
                          Action.nextEvent(new Event.Info<>(3)),
                          Action.nextEvent(new Event.EventTimeout<>(4)),
                          Action.nextEvent(new Event.StateTimeout<>(5)),
                          Action.nextEvent(new Event.Timeout<>("name", 6)),
                          Action.nextEvent(
                              new Event.Call<>(plain("7"), ((Event.Call<Message>) event).from()))));
          assertEquals("b", machine.call(start));
          assertEquals(
              List.of(
                  "call start",
                  "internal 1",
                  "cast 2",
                  "info 3",
                  "timeout 4",
                  "state_timeout 5",
                  "{timeout, name} 6",
                  "call 7"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName(
      "STM-030 nextState with the same state retries nothing and leaves the state timeout running")
  void sameStateRetriesNothing() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          machine.cast(keep("timed", Action.stateTimeout(SHORT, "over")));
          machine.cast(postponed("p"));
          machine.cast(go("a"));
          assertEquals(List.of("cast timed", "cast p", "cast go"), seen(machine, trace));
          self.sleep(SHORT);
          assertEquals(List.of("state_timeout over"), seen(machine, trace));
          machine.cast(go("b"));
          assertEquals(List.of("cast go", "cast p"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName(
      "STM-032 inserted events come first, then postponed ones, then zero timeouts, then messages")
  void order() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          together(
              machine,
              postponed("p1"),
              postponed("p2"),
              go("b", internal("i1"), internal("i2"), Action.stateTimeout(Duration.ZERO, "st0")),
              plain("m1"));
          assertEquals(
              List.of(
                  "cast p1",
                  "cast p2",
                  "cast go",
                  "internal i1",
                  "internal i2",
                  "cast p1",
                  "cast p2",
                  "state_timeout st0",
                  "cast m1"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM13 An event that is postponed and changes the state is the next one handled")
  void postponedWhileChanging() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          Probe.Do both =
              doing(
                  "both",
                  (event, state, data) ->
                      state.equals("a")
                          ? Transition.nextState("b", data, Action.postpone())
                          : Transition.keepStateAndData());
          together(machine, both, plain("m"));
          assertEquals(List.of("cast both", "cast both", "cast m"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM10 Of postpone the last one given wins, in either direction")
  void lastPostponeWins() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          machine.cast(keep("not", Action.postpone(), Action.postpone(false)));
          machine.cast(go("b"));
          assertEquals(List.of("cast not", "cast go"), seen(machine, trace));
          Probe.Do once =
              doing(
                  "once",
                  (event, state, data) ->
                      Transition.keepStateAndData(
                          Action.postpone(false), Action.postpone(state.equals("b"))));
          machine.cast(once);
          machine.cast(go("a"));
          assertEquals(List.of("cast once", "cast go", "cast once"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM10 A reply is sent when it is met, also if the transition then fails")
  void replyBeforeABadAction() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, trace);
          Object answer =
              machine.call(
                  doing(
                      "bad",
                      (event, state, data) ->
                          Transition.keepStateAndData(
                              Action.reply(((Event.Call<Message>) event).from(), "sent"),
                              Action.popCallbackModule())));
          assertEquals("sent", answer);
        });
  }

  @ParameterizedTest
  @EnumSource(CallbackMode.Style.class)
  @DisplayName("SM11 Each new state is entered before anything else, the first one at the start")
  void enterCalls(CallbackMode.Style style) throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine =
              Probe.start(self, new Probe(trace).mode(new CallbackMode(style, true)));
          together(machine, postponed("p"), go("b", internal("i")), go("b"), plain("m"));
          assertEquals(
              List.of(
                  "enter a a",
                  "cast p",
                  "cast go",
                  "enter a b",
                  "internal i",
                  "cast p",
                  "cast go",
                  "cast m"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM28 Actions of an enter call count with those of the event, and the last wins")
  void actionsOfAnEnterCall() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          Probe probe =
              new Probe(trace) {
                @Override
                public EnterResult<String, Object> handleEnter(
                    String oldState, String state, Object data) {
                  return EnterResult.keepState(
                      "entered " + state, Action.stateTimeout(Duration.ZERO, "of " + state));
                }
              };
          StatemRef<Message> machine = Probe.start(self, probe.mode(ENTERING));
          assertEquals(List.of("state_timeout of a"), seen(machine, trace));
          machine.cast(
              go(
                  "b",
                  Action.stateTimeout(Duration.ZERO, "of go"),
                  Action.timeout("n", Duration.ZERO, "named")));
          assertEquals(
              List.of("cast go", "{timeout, n} named", "state_timeout of b"), seen(machine, trace));
          assertEquals(new StateAndData<>("b", "entered b"), machine.sys().getState());
        });
  }

  @Test
  @DisplayName(
      "STM-046 repeatState makes the enter call, retries nothing and leaves the state timeout")
  void repeatState() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, new Probe(trace).mode(ENTERING));
          machine.cast(keep("timed", Action.stateTimeout(SHORT, "over")));
          machine.cast(postponed("p"));
          machine.cast(does("repeat", Transition.repeatState("new")));
          machine.cast(does("again", Transition.repeatStateAndData()));
          assertEquals(
              List.of(
                  "enter a a",
                  "cast timed",
                  "cast p",
                  "cast repeat",
                  "enter a a",
                  "cast again",
                  "enter a a"),
              seen(machine, trace));
          assertEquals(new StateAndData<>("a", "new"), machine.sys().getState());
          self.sleep(SHORT);
          assertEquals(List.of("state_timeout over"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM30 An enter call that repeats the state is made again, in the same transition")
  void repeatInAnEnterCall() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          Probe probe =
              new Probe(trace) {
                @Override
                public EnterResult<String, Object> handleEnter(
                    String oldState, String state, Object data) {
                  trace.add("enter " + oldState + " " + state + " " + data);
                  return data.equals("data+++")
                      ? EnterResult.keepStateAndData()
                      : EnterResult.repeatState(data + "+");
                }
              };
          StatemRef<Message> machine = Probe.start(self, probe.mode(ENTERING));
          machine.cast(go("b", internal("i")));
          assertEquals(
              List.of(
                  "enter a a data",
                  "enter a a data+",
                  "enter a a data++",
                  "enter a a data+++",
                  "cast go",
                  "enter a b data",
                  "enter b b data+",
                  "enter b b data++",
                  "enter b b data+++",
                  "internal i"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM31 An enter call cancels no event timeout and is no event in the log")
  void enterCallIsNoEvent() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, new Probe(trace).mode(ENTERING));
          machine.sys().log(10);
          machine.cast(go("b", Action.eventTimeout(SHORT, "quiet")));
          self.sleep(SHORT);
          assertEquals(
              List.of("enter a a", "cast go", "enter a b", "timeout quiet"), seen(machine, trace));
          assertEquals(2, machine.sys().getLog().size());
        });
  }

  @Test
  @DisplayName("SM15 Several inserted events keep their order, and go before those inserted before")
  void nestedInsertions() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          Action outer = Action.internal(keep("o1", internal("n1"), internal("n2")));
          together(machine, keep("start", outer, internal("o2")), plain("m"));
          assertEquals(
              List.of(
                  "cast start",
                  "internal o1",
                  "internal n1",
                  "internal n2",
                  "internal o2",
                  "cast m"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM43 Postponed events keep their order of arrival, however often they are retried")
  void postponedOrder() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          Probe.Body untilC =
              (event, state, data) ->
                  state.equals("c")
                      ? Transition.keepStateAndData()
                      : Transition.keepStateAndData(Action.postpone());
          together(
              machine,
              doing("p1", untilC),
              doing("p2", untilC),
              go("b"),
              doing("p3", untilC),
              go("c"));
          assertEquals(
              List.of(
                  "cast p1", "cast p2", "cast go", "cast p1", "cast p2", "cast p3", "cast go",
                  "cast p1", "cast p2", "cast p3"),
              seen(machine, trace));
        });
  }

  @Test
  @DisplayName("SM5 A result that is thrown as a ControlThrow counts as returned")
  void thrownResult() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, trace);
          machine.cast(
              doing(
                  "throw",
                  (event, state, data) -> {
                    throw new ControlThrow(Transition.nextState("thrown", data));
                  }));
          assertEquals(new StateAndData<>("thrown", "data"), machine.sys().getState());
        });
  }

  @Test
  @DisplayName("SM4 Actions given with init are taken before any message, and postpone is ignored")
  void actionsOfInit() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          Probe probe =
              new Probe(trace) {
                @Override
                public Init<String, Object> init(Context context) {
                  context.send(context.pid(), "early");
                  return Init.state(
                      "a",
                      "data",
                      Action.postpone(),
                      internal("i"),
                      Action.eventTimeout(Duration.ZERO, "never"),
                      Action.stateTimeout(Duration.ZERO, "st0"));
                }
              };
          StatemRef<Message> machine = Probe.start(self, probe);
          machine.cast(go("b"));
          assertEquals(
              List.of("internal i", "state_timeout st0", "info early", "cast go"),
              seen(machine, trace));
        });
  }

  private sealed interface Lamp {
    record Off() implements Lamp {}

    record Blinking(int left) implements Lamp {}
  }

  /** Blinks as often as it is told, with a time of its own for each. */
  private static final class Blinker implements GenStatem<Integer, Lamp, Integer> {
    @Override
    public Init<Lamp, Integer> init(Context self) {
      return Init.state(new Lamp.Off(), 0);
    }

    @Override
    public CallbackMode callbackMode() {
      return CallbackMode.STATE_FUNCTIONS.withStateEnter();
    }

    @Override
    public StateFunction<Integer, Lamp, Integer> stateFunction(Lamp state) {
      return switch (state) {
        case Lamp.Off off -> this::off;
        case Lamp.Blinking(int left) ->
            StateFunction.<Integer, Lamp, Integer>of((event, seen) -> blinking(event, seen, left))
                .onEnter((old, seen) -> EnterResult.keepState(seen + 1, TIMED));
      };
    }

    private Transition<Lamp, Integer> off(Event<Integer> event, Integer seen) {
      return event instanceof Event.Cast<Integer>(Integer times)
          ? Transition.nextState(new Lamp.Blinking(times), seen)
          : Transition.keepStateAndData();
    }

    private Transition<Lamp, Integer> blinking(Event<Integer> event, Integer seen, int left) {
      return switch (event) {
        case Event.StateTimeout<Integer> over ->
            Transition.nextState(left == 1 ? new Lamp.Off() : new Lamp.Blinking(left - 1), seen);
        case Event.Cast<Integer> early -> Transition.keepStateAndData(Action.postpone());
        default -> Transition.keepStateAndData();
      };
    }
  }

  @Test
  @DisplayName("SM2 A state may be a record: it has changed when one of its components has")
  void recordsAsStates() throws Exception {
    inProcess(
        self -> {
          StatemRef<Integer> lamp = GenStatem.start(self, Blinker::new).orThrow();
          lamp.cast(3);
          lamp.cast(2);
          self.sleep(SHORT.dividedBy(2));
          assertEquals(new StateAndData<>(new Lamp.Blinking(3), 1), lamp.sys().getState());
          self.sleep(SHORT);
          assertEquals(new StateAndData<>(new Lamp.Blinking(2), 2), lamp.sys().getState());
          self.sleep(SHORT.multipliedBy(2));
          assertEquals(new StateAndData<>(new Lamp.Blinking(2), 4), lamp.sys().getState());
          self.sleep(SHORT.multipliedBy(2));
          assertEquals(new StateAndData<>(new Lamp.Off(), 5), lamp.sys().getState());
        });
  }
}
