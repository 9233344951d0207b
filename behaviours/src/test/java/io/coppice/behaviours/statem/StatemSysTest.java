package io.coppice.behaviours.statem;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static io.coppice.behaviours.statem.Probe.doing;
import static io.coppice.behaviours.statem.Probe.go;
import static io.coppice.behaviours.statem.Probe.internal;
import static io.coppice.behaviours.statem.Probe.keep;
import static io.coppice.behaviours.statem.Probe.newTrace;
import static io.coppice.behaviours.statem.Probe.plain;
import static io.coppice.behaviours.statem.Probe.seen;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.Sys;
import io.coppice.behaviours.SysStatus;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.SystemRequest;
import io.coppice.behaviours.statem.Probe.Message;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The system side of a machine (semantics section 7, SM27, SM41, SM54). */
class StatemSysTest {
  private static final Duration SHORT = Duration.ofMillis(60);

  private static ExitReason failure(Executable call) {
    return assertThrows(CallFailed.class, call).reason();
  }

  private static StatemStatus status(StatemRef<?> machine) {
    return assertInstanceOf(StatemStatus.class, machine.sys().getStatus().state());
  }

  private static Probe formatting(List<String> trace) {
    return new Probe(trace) {
      @Override
      public StatemStatus formatStatus(StatemStatus status) {
        return status
            .withState("formatted " + status.state())
            .withData("secret")
            .withEvent("an event")
            .withReason("a reason")
            .withQueues(List.of("a queue"), List.of("postponed"))
            .withTimeouts(Map.of(TimeoutType.EVENT, "a timeout"))
            .withLog(List.of("a log"));
      }
    };
  }

  /** Callbacks that convert the state, with a mode of their own. */
  private static Probe converting(List<String> trace, CallbackMode mode) {
    return new Probe(trace) {
      @Override
      public StateAndData<String, Object> codeChange(
          @Nullable Object version, Object state, Object data, @Nullable Object extra) {
        return new StateAndData<>(state + " " + version, data + " " + extra);
      }

      @Override
      public StateFunction<Message, String, Object> stateFunction(String state) {
        trace.add("function of " + state);
        return super.stateFunction(state);
      }
    }.mode(mode);
  }

  @Test
  @DisplayName("STM-017 a suspended machine goes over to new code, state and callback mode")
  void changeCode() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          for (CallbackMode from : modes()) {
            for (CallbackMode to : modes()) {
              trace.clear();
              StatemRef<Message> machine = Probe.start(self, new Probe(trace).mode(from));
              machine.sys().suspend();
              RequestId<Object> waiting = machine.send(self, plain("get"));
              machine.sys().changeCode(converting(trace, to), "v2", "more");
              machine.sys().resume();
              assertEquals("a v2", waiting.receive(SOON).orElseThrow().orThrow());
              StatemStatus status = status(machine);
              assertEquals("data more", status.data());
              assertEquals(to, status.callbackMode());
              boolean functions = to.style() == CallbackMode.Style.STATE_FUNCTIONS;
              assertEquals(functions, trace.contains("function of a v2"), trace::toString);
              assertFalse(trace.toString().contains("enter a v2"), "no transition, no enter call");
            }
          }
        });
  }

  private static List<CallbackMode> modes() {
    return List.of(
        CallbackMode.HANDLE_EVENT,
        CallbackMode.STATE_FUNCTIONS,
        CallbackMode.HANDLE_EVENT.withStateEnter(),
        CallbackMode.STATE_FUNCTIONS.withStateEnter());
  }

  @Test
  @DisplayName("SM54 A change of code with a bad callback mode fails, and nothing has changed")
  @SuppressWarnings("NullAway") // a bad mode is what this is about
  void changeToABadMode() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, trace);
          machine.sys().suspend();
          CallbackMode none = null;
          ExitReason reason =
              failure(() -> machine.sys().changeCode(converting(trace, none), "v2", null));
          assertTrue(
              reason.toString().startsWith("{bad_return_from_callback_mode"), reason::toString);
          machine.sys().resume();
          assertEquals("a", machine.call(plain("get")));
          assertEquals(List.of(Probe.class.getName()), status(machine).modules());
        });
  }

  @Test
  @DisplayName("STM-026 a change of code without codeChange fails, and the machine lives")
  void missingCodeChange() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, newTrace());
          Sys sys = machine.sys();
          ExitReason running = failure(() -> sys.changeCode(null, "1", null));
          assertInstanceOf(
              SystemRequest.Unknown.class,
              assertInstanceOf(ExitReason.Custom.class, running).term());
          sys.suspend();
          ExitReason reason = failure(() -> sys.changeCode(null, "1", null));
          assertInstanceOf(
              UnsupportedOperationException.class,
              assertInstanceOf(ExitReason.Crashed.class, reason).error());
          sys.resume();
          assertEquals("a", machine.call(plain("get")));
        });
  }

  @Test
  @DisplayName("STM-018 a suspended machine answers no call in time, and answers it when resumed")
  void suspend() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          machine.sys().suspend();
          assertEquals(ExitReason.TIMEOUT, failure(() -> machine.call(plain("early"), SHORT)));
          assertEquals(List.of(), seen(machine, trace));
          machine.sys().resume();
          assertEquals("a", machine.call(plain("late"), SHORT));
          assertEquals(List.of("call early", "call late"), seen(machine, trace));
        });
  }

  @Test
  @DisplayName("STM-019 the status shows a machine as formatStatus makes it, by pid and by name")
  void formattedStatus() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine =
              GenStatem.<Message, String, Object>start(
                      self, () -> formatting(newTrace()), StatemOptions.named("formatted"))
                  .orThrow();
          SysStatus status = machine.sys().getStatus();
          assertEquals("formatted", status.name());
          assertEquals(List.of("a log"), status.log());
          assertEquals(status, Sys.named(self, "formatted").getStatus());
          assertEquals("formatted a", status(machine).state());
          assertEquals("secret", status(machine).data());
          assertEquals(new StateAndData<>("a", "data"), machine.sys().getState());
        });
  }

  @Test
  @DisplayName("STM-020 the report of a crash shows a machine as formatStatus makes it")
  void formattedReport() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, formatting(newTrace()));
          Probe.Do crash =
              doing(
                  "crash",
                  (event, state, data) -> {
                    throw new IllegalStateException("boom");
                  });
          failure(() -> machine.call(crash));
        },
        node -> {
          StatemTerminated report = node.reports(StatemTerminated.class).getFirst();
          StatemStatus status = report.status();
          assertEquals("formatted a", status.state());
          assertEquals("secret", status.data());
          assertEquals("an event", status.event());
          assertEquals("a reason", status.reason());
          assertEquals(List.of("a queue"), status.queue());
          assertEquals(List.of("postponed"), status.postponed());
          assertEquals(Map.of(TimeoutType.EVENT, "a timeout"), status.timeouts());
          assertEquals(List.of("a log"), status.log());
          assertFalse(report.text().contains("boom"), report::text);
        });
  }

  @Test
  @DisplayName("GS25 When formatStatus throws, status and report say so and show nothing else")
  void formatStatusCrashes() throws Exception {
    inProcess(
        self -> {
          Probe probe =
              new Probe(newTrace()) {
                @Override
                public StatemStatus formatStatus(StatemStatus status) {
                  throw new IllegalStateException("no format");
                }
              };
          StatemRef<Message> machine = Probe.start(self, probe);
          machine.cast(doing("d", (event, state, data) -> Transition.keepState("a secret")));
          String shown = String.valueOf(machine.sys().getStatus().state());
          assertTrue(shown.contains("crashed"), shown);
          assertFalse(shown.contains("a secret"), shown);
          machine.stop(ExitReason.of("abnormal"), SOON);
        },
        node -> {
          String text = node.reports(StatemTerminated.class).getFirst().text();
          assertTrue(text.contains("formatStatus crashed"), text);
          assertFalse(text.contains("a secret"), text);
        });
  }

  @Test
  @DisplayName("STM-021 getState gives state and data, also of a suspended machine")
  void getState() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, newTrace());
          StateAndData<String, String> both = new StateAndData<>("a", "data");
          assertEquals(both, machine.sys().getState());
          machine.sys().suspend();
          assertEquals(both, machine.sys().getState());
        });
  }

  @Test
  @DisplayName(
      "SY5 replaceState gives other state and data; a function that throws, or returns what is no"
          + " StateAndData, changes nothing")
  void replaceState() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, newTrace());
          StateAndData<String, Integer> next = new StateAndData<>("b", 2);
          assertEquals(next, machine.sys().replaceState(old -> next));
          assertEquals("b", machine.call(plain("get")));
          ExitReason reason = failure(() -> machine.sys().replaceState(old -> "c"));
          assertInstanceOf(
              SystemRequest.CallbackFailed.class,
              assertInstanceOf(ExitReason.Custom.class, reason).term());
          assertEquals(next, machine.sys().getState());
        });
  }

  @Test
  @DisplayName("SY9 The log has each event once, however often it is retried, and the replies")
  void log() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          machine.sys().log(20);
          Probe.Do postponed = Probe.postponed("p");
          Probe.Do go = go("b", internal("i"), Action.stateTimeout(Duration.ZERO, "st"));
          machine.cast(postponed);
          machine.cast(go);
          Probe.Plain get = plain("get");
          machine.call(get);
          SystemEvent.Kind in = SystemEvent.Kind.IN;
          assertEquals(
              List.of(
                  new SystemEvent(in, postponed, null),
                  new SystemEvent(in, go, null),
                  new SystemEvent(in, new Event.Internal<>(plain("i")), null),
                  new SystemEvent(in, new Event.StateTimeout<>("st"), null),
                  new SystemEvent(in, get, self.pid()),
                  new SystemEvent(SystemEvent.Kind.OUT, "b", self.pid())),
              machine.sys().getLog());
        });
  }

  @Test
  @DisplayName("The status shows what waits and which timeouts are set")
  void status() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, newTrace());
          machine.cast(
              keep("p", Action.postpone(), Action.timeout("n", Duration.ofMinutes(1), "later")));
          StatemStatus status = status(machine);
          assertEquals(1, status.postponed().size());
          assertEquals(Map.of(TimeoutType.named("n"), "later"), status.timeouts());
          assertEquals(null, status.event());
          assertEquals(Probe.class.getName(), machine.sys().getStatus().module());
        });
  }

  /** Callbacks that trace under a name. */
  private static Probe named(String name, List<String> trace, CallbackMode mode) {
    return new Probe(trace) {
      @Override
      public Transition<String, Object> handleEvent(Event<Message> event, String state, Object data)
          throws Exception {
        trace.add(name);
        return super.handleEvent(event, state, data);
      }

      @Override
      public EnterResult<String, Object> handleEnter(String oldState, String state, Object data) {
        trace.add(name);
        return super.handleEnter(oldState, state, data);
      }
    }.mode(mode);
  }

  @Test
  @DisplayName(
      "SM41 Other callbacks take over from the enter call on, with their own mode, until they are"
          + " popped")
  void callbackModules() throws Exception {
    List<String> trace = newTrace();
    CallbackMode entering = CallbackMode.HANDLE_EVENT.withStateEnter();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          Probe one = named("one", trace, entering);
          Probe two = named("two", trace, CallbackMode.STATE_FUNCTIONS);
          machine.cast(go("b", Action.pushCallbackModule(one), internal("i")));
          assertEquals(
              List.of("cast go", "one", "enter a b", "one", "internal i"), seen(machine, trace));
          machine.cast(go("c", Action.changeCallbackModule(two)));
          machine.cast(plain("m"));
          assertEquals(List.of("one", "cast go", "two", "cast m"), seen(machine, trace));
          assertEquals(
              List.of(two.getClass().getName(), Probe.class.getName()), status(machine).modules());
          assertEquals(CallbackMode.STATE_FUNCTIONS, status(machine).callbackMode());
          machine.cast(go("d", Action.popCallbackModule()));
          machine.cast(plain("m"));
          assertEquals(List.of("two", "cast go", "cast m"), seen(machine, trace));
          assertEquals(CallbackMode.HANDLE_EVENT, status(machine).callbackMode());
        });
  }
}
