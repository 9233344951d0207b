package io.coppice.behaviours.statem;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static io.coppice.behaviours.statem.Probe.does;
import static io.coppice.behaviours.statem.Probe.doing;
import static io.coppice.behaviours.statem.Probe.go;
import static io.coppice.behaviours.statem.Probe.keep;
import static io.coppice.behaviours.statem.Probe.newTrace;
import static io.coppice.behaviours.statem.Probe.plain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.statem.BadTransition.Problem;
import io.coppice.behaviours.statem.Probe.Message;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong is refused with a sentence (semantics SM6, SM30), and ends the machine. */
class StatemErrorTest {
  private static final CallbackMode ENTERING = CallbackMode.HANDLE_EVENT.withStateEnter();

  private static BadTransition bad(ExitReason reason) {
    return assertInstanceOf(
        BadTransition.class, assertInstanceOf(ExitReason.Custom.class, reason).term());
  }

  /** What a machine ends with over an event. */
  private static BadTransition over(Context self, StatemRef<Message> machine, Message event) {
    self.monitor(Probe.pid(machine));
    machine.cast(event);
    return bad(expect(self, Down.class).reason());
  }

  private static Probe entering(List<String> trace, Transition<String, Object> result) {
    return new Probe(trace) {
      @Override
      public EnterResult<String, Object> handleEnter(String oldState, String state, Object data) {
        if (state.equals("b")) {
          throw new ControlThrow(result); // the compiler would refuse to return it
        }
        return EnterResult.keepStateAndData();
      }
    }.mode(ENTERING);
  }

  @ParameterizedTest
  @EnumSource(CallbackMode.Style.class)
  @DisplayName(
      "STM-006 a handler that returns rubbish ends the machine, with state and data as"
          + " they were")
  void badReturn(CallbackMode.Style style) throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine =
              Probe.start(self, new Probe(trace).mode(new CallbackMode(style, false)));
          machine.cast(does("good", Transition.nextState("b", "new")));
          Probe.Do rubbish = does("rubbish", null);
          CallFailed failed = assertThrows(CallFailed.class, () -> machine.call(rubbish));
          BadTransition bad = bad(failed.reason());
          assertEquals(Problem.BAD_RETURN_FROM_STATE_FUNCTION, bad.problem());
          assertEquals("b", bad.state());
          String text = bad.toString();
          assertTrue(text.startsWith("{bad_return_from_state_function, null}: "), text);
          assertTrue(text.contains("rubbish") && text.contains("state b"), text);
          String callback =
              style == CallbackMode.Style.HANDLE_EVENT ? "handleEvent" : "stateFunction";
          assertTrue(text.contains("Probe." + callback + " gave null"), text);
          assertTrue(trace.getLast().endsWith(" b new"), trace::toString);

          StatemRef<Message> other = Probe.start(self, trace);
          Probe.Do thrown =
              doing(
                  "thrown",
                  (event, state, data) -> {
                    throw new ControlThrow("rubbish");
                  });
          assertEquals("rubbish", over(self, other, thrown).value());
        });
  }

  @Test
  @DisplayName("SM6 A bad action ends the machine: null, or popping the only callback module")
  @SuppressWarnings("NullAway") // a bad action is what this is about
  void badAction() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          Action missing = null;
          BadTransition bad =
              over(self, Probe.start(self, trace), keep("null", Action.postpone(), missing));
          assertEquals(Problem.BAD_ACTION_FROM_STATE_FUNCTION, bad.problem());
          bad = over(self, Probe.start(self, trace), keep("pop", Action.popCallbackModule()));
          assertEquals(Problem.BAD_ACTION_FROM_STATE_FUNCTION, bad.problem());
          assertEquals(Action.popCallbackModule(), bad.value());
          Action.Reply none = null;
          bad =
              over(
                  self,
                  Probe.start(self, trace),
                  does("reply", Transition.stopAndReply(ExitReason.NORMAL, none)));
          assertEquals(Problem.BAD_REPLY_ACTION_FROM_STATE_FUNCTION, bad.problem());
        });
  }

  @Test
  @DisplayName(
      "STM-036 an enter call that changes the state, postpones, inserts an event or changes the"
          + " module ends the machine")
  void forbiddenInAnEnterCall() throws Exception {
    List<String> trace = newTrace();
    List<Action> forbidden =
        List.of(
            Action.postpone(),
            Action.internal("i"),
            Action.changeCallbackModule(new Probe(trace)),
            Action.pushCallbackModule(new Probe(trace)),
            Action.popCallbackModule());
    inProcess(
        self -> {
          Transition<String, Object> change = Transition.nextState("c", "data");
          BadTransition bad = over(self, Probe.start(self, entering(trace, change)), go("b"));
          assertEquals(Problem.BAD_STATE_ENTER_RETURN_FROM_STATE_FUNCTION, bad.problem());
          assertEquals(change, bad.value());
          assertEquals("b", bad.state());
          assertTrue(bad.toString().contains("handleEnter gave NextState"), bad::toString);
          for (Action action : forbidden) {
            Transition<String, Object> keep = Transition.keepStateAndData(action);
            bad = over(self, Probe.start(self, entering(trace, keep)), go("b"));
            assertEquals(Problem.BAD_STATE_ENTER_ACTION_FROM_STATE_FUNCTION, bad.problem());
            assertEquals(action, bad.value());
          }
        });
  }

  @Test
  @DisplayName("SM30 An enter call may stop the machine, with replies")
  void stopInAnEnterCall() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine =
              Probe.start(self, entering(trace, Transition.stop(ExitReason.SHUTDOWN, "last")));
          self.monitor(Probe.pid(machine));
          machine.cast(go("b"));
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
          assertEquals("terminate shutdown b last", trace.getLast());
        });
  }

  @Test
  @DisplayName("STM-041 a callbackMode that returns rubbish fails the start")
  @SuppressWarnings("NullAway") // a bad mode is what this is about
  void badCallbackMode() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          CallbackMode none = null;
          StatemStart<Message> start =
              GenStatem.start(
                  self, () -> new Probe(trace).mode(none), StatemOptions.named("moded"));
          ExitReason reason = assertInstanceOf(StatemStart.Failed.class, start).reason();
          assertEquals(Problem.BAD_RETURN_FROM_CALLBACK_MODE, bad(reason).problem());
          assertEquals(Optional.empty(), self.whereis("moded"));
        },
        node -> assertEquals(1, node.reports(StatemTerminated.class).size()));
  }

  @Test
  @DisplayName("SM4 An init that returns rubbish fails the start")
  @SuppressWarnings("NullAway") // a bad return is what this is about
  void badInit() throws Exception {
    inProcess(
        self -> {
          GenStatem<Message, String, Object> none = context -> null;
          StatemStart<Message> start = GenStatem.start(self, () -> none);
          ExitReason reason = assertInstanceOf(StatemStart.Failed.class, start).reason();
          assertEquals(Problem.BAD_RETURN_FROM_INIT, bad(reason).problem());
        });
  }

  @Test
  @DisplayName("SM2 A state without a state function ends the machine with its name")
  @SuppressWarnings("NullAway") // a missing function is what this is about
  void missingStateFunction() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          Probe probe =
              new Probe(trace) {
                @Override
                public StateFunction<Message, String, Object> stateFunction(String state) {
                  return state.equals("b") ? null : super.stateFunction(state);
                }
              };
          StatemRef<Message> machine = Probe.start(self, probe.mode(CallbackMode.STATE_FUNCTIONS));
          self.monitor(Probe.pid(machine));
          machine.cast(go("b"));
          machine.cast(plain("m"));
          String text = expect(self, Down.class).reason().toString();
          assertTrue(text.contains("stateFunction returned null for the state b"), text);
        });
  }

  @Test
  @DisplayName("STM-009 a machine that stops with a shutdown reason leaves no report")
  void shutdown() throws Exception {
    List<String> trace = newTrace();
    ExitReason reason = ExitReason.shutdown("maintenance");
    inProcess(
        self -> {
          StatemRef<Message> machine =
              GenStatem.<Message, String, Object>startLink(
                      self, () -> new Probe(trace), StatemOptions.DEFAULT)
                  .orThrow();
          machine.cast(does("stop", Transition.stop(reason)));
          assertEquals(new Exit(Probe.pid(machine), reason), expect(self, Exit.class));
        },
        node -> {
          assertEquals(0, node.reports(StatemTerminated.class).size());
          assertEquals(0, node.reports(CrashReport.class).size());
        });
  }

  @Test
  @DisplayName("SM50 terminate gets state and data from before the callback that threw")
  void terminateAfterACrash() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, trace);
          IllegalStateException error = new IllegalStateException("boom");
          machine.cast(does("good", Transition.nextState("b", "new")));
          Probe.Do crash =
              doing(
                  "crash",
                  (event, state, data) -> {
                    throw error;
                  });
          CallFailed failed = assertThrows(CallFailed.class, () -> machine.call(crash));
          assertEquals(ExitReason.crashed(error), failed.reason());
          assertEquals("terminate " + ExitReason.crashed(error) + " b new", trace.getLast());
        });
  }

  @Test
  @DisplayName(
      "SM51 The report of a crash has the event, the queues, the timeouts, the modules and the"
          + " client")
  void report() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine =
              GenStatem.<Message, String, Object>start(
                      self, () -> new Probe(trace), StatemOptions.named("reported"))
                  .orThrow();
          machine.cast(keep("waiting", Action.postpone()));
          Probe.Do crash =
              doing(
                  "crash",
                  (event, state, data) -> {
                    throw new IllegalStateException("boom");
                  });
          Probe.Do start =
              keep(
                  "start",
                  Action.stateTimeout(Duration.ofMinutes(1), "slow"),
                  Action.internal(crash),
                  Action.internal("queued"));
          assertThrows(CallFailed.class, () -> machine.call(start));
        },
        node -> {
          StatemTerminated report = node.reports(StatemTerminated.class).getFirst();
          StatemStatus status = report.status();
          assertEquals("reported", report.name());
          assertEquals("a", status.state());
          assertEquals("data", status.data());
          assertEquals("internal crash", Probe.text((Event<?>) event(status)));
          assertEquals(List.of(new Event.Internal<>("queued")), status.queue());
          assertEquals(1, status.postponed().size());
          assertEquals(Map.of(TimeoutType.STATE, "slow"), status.timeouts());
          assertEquals(CallbackMode.HANDLE_EVENT, status.callbackMode());
          assertEquals(List.of(Probe.class.getName()), status.modules());
          assertEquals(null, report.client(), "no client waits for an internal event");
          assertTrue(report.text().startsWith("GenStatem reported <"), report::text);
          assertTrue(report.text().contains("boom"), report::text);
          assertTrue(report.text().contains("postponed: "), report::text);
        });
  }

  private static Object event(StatemStatus status) {
    return Objects.requireNonNull(status.event());
  }

  @Test
  @DisplayName("SM51 The report of a crash over a call names the client")
  void reportNamesTheClient() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, trace);
          Probe.Do crash =
              doing(
                  "crash",
                  (event, state, data) -> {
                    throw new IllegalStateException("boom");
                  });
          assertThrows(CallFailed.class, () -> machine.call(crash));
        },
        node -> {
          StatemTerminated report = node.reports(StatemTerminated.class).getFirst();
          assertTrue(Objects.requireNonNull(report.client()).alive());
          assertTrue(report.text().contains("client: "), report::text);
        });
  }

  @Test
  @DisplayName("SM55 An init that throws leaves a report of the machine and one of the process")
  void initThrows() throws Exception {
    IllegalStateException error = new IllegalStateException("in init");
    inProcess(
        self -> {
          GenStatem<Message, String, Object> broken =
              context -> {
                throw error;
              };
          StatemStart<Message> start = GenStatem.start(self, () -> broken);
          assertEquals(new StatemStart.Failed<Message>(ExitReason.crashed(error)), start);
          GenStatem<Message, String, Object> clean =
              context -> {
                throw context.exit(ExitReason.SHUTDOWN);
              };
          assertEquals(
              new StatemStart.Failed<Message>(ExitReason.SHUTDOWN),
              GenStatem.start(self, () -> clean));
        },
        node -> {
          assertEquals(1, node.reports(StatemTerminated.class).size());
          assertEquals(1, node.reports(CrashReport.class).size());
          @Nullable Object reason =
              node.reports(StatemTerminated.class).getFirst().status().reason();
          assertEquals(ExitReason.crashed(error), reason);
        });
  }
}
