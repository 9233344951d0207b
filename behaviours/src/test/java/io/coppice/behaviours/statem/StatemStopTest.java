package io.coppice.behaviours.statem;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static io.coppice.behaviours.statem.Probe.does;
import static io.coppice.behaviours.statem.Probe.doing;
import static io.coppice.behaviours.statem.Probe.go;
import static io.coppice.behaviours.statem.Probe.keep;
import static io.coppice.behaviours.statem.Probe.newTrace;
import static io.coppice.behaviours.statem.Probe.plain;
import static io.coppice.behaviours.statem.Probe.postponed;
import static io.coppice.behaviours.statem.Probe.seen;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.RequestIds;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.behaviours.server.Servers;
import io.coppice.behaviours.statem.Probe.Message;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Calls, exits and the end of a machine (semantics 3.2–3.4, SM50–SM53). */
class StatemStopTest {
  private static final Duration SHORT = Duration.ofMillis(60);

  private static ExitReason failure(StatemRef<?> machine) {
    return assertThrows(CallFailed.class, machine::stop).reason();
  }

  private static Probe trapping(List<String> trace) {
    return new Probe(trace) {
      @Override
      public Init<String, Object> init(Context context) throws Exception {
        context.trapExit(true);
        return super.init(context);
      }
    };
  }

  @Test
  @DisplayName("STM-004 a machine is stopped once, by pid; the second time there is none")
  void stopAnonymous() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, trace);
          machine.stop();
          assertFalse(self.isAlive(Probe.pid(machine)));
          assertEquals("terminate normal a data", trace.getLast());
          assertEquals(ExitReason.NO_PROCESS, failure(machine));
        });
  }

  @Test
  @DisplayName("STM-004 a machine is stopped with a reason, by its name, and by another registry's")
  void stopForms() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> reasoned = Probe.start(self, newTrace());
          self.monitor(Probe.pid(reasoned));
          reasoned.stop(ExitReason.of("other"), SOON);
          assertEquals(ExitReason.of("other"), expect(self, Down.class).reason());

          GenStatem.<Message, String, Object>start(
                  self, () -> new Probe(newTrace()), StatemOptions.named("stopped"))
              .orThrow();
          StatemRef<Message> named = StatemRef.named(self, "stopped");
          named.stop();
          assertEquals(Optional.empty(), self.whereis("stopped"));
          assertEquals(ExitReason.NO_PROCESS, failure(named));

          GlobalNames names = GlobalNames.start(self);
          GenStatem.<Message, String, Object>start(
                  self,
                  () -> new Probe(newTrace()),
                  StatemOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.via(names, "far")))
              .orThrow();
          StatemRef<Message> via = StatemRef.via(self, new ViaName(names, "far"));
          via.stop();
          assertEquals(ExitReason.NO_PROCESS, failure(via));
        });
  }

  @Test
  @DisplayName("STM-004 a stop that is not obeyed in time fails with timeout, and is obeyed later")
  void stopTimesOut() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, newTrace());
          self.monitor(Probe.pid(machine));
          CallFailed failed =
              assertThrows(CallFailed.class, () -> machine.stop(ExitReason.NORMAL, Duration.ZERO));
          assertEquals(ExitReason.TIMEOUT, failed.reason());
          assertEquals(ExitReason.NORMAL, expect(self, Down.class).reason());
        });
  }

  @Test
  @DisplayName("STM-005 a call that gets no answer in time fails, and a late answer is never seen")
  void callTimesOut() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, newTrace());
          Probe.Do late =
              doing(
                  "late",
                  (event, state, data) -> {
                    Request from = ((Event.Call<Message>) event).from();
                    return Transition.nextState(
                        "late",
                        data,
                        Action.stateTimeout(
                            SHORT.multipliedBy(2),
                            doing(
                                "now",
                                (timeout, same, old) ->
                                    Transition.keepStateAndData(Action.reply(from, "late")))));
                  });
          CallFailed failed = assertThrows(CallFailed.class, () -> machine.call(late, SHORT));
          assertEquals(ExitReason.TIMEOUT, failed.reason());
          self.sleep(SHORT.multipliedBy(3));
          assertEquals("late", machine.call(plain("get"), SHORT));
          expectNothing(self);
          assertThrows(
              IllegalArgumentException.class,
              () -> machine.call(plain("negative"), SHORT.negated()));
        });
  }

  @Test
  @DisplayName("SM53 A call waits for ever by default, here until its postponed request is retried")
  void callWaits() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, newTrace());
          Probe.Do untilB =
              doing(
                  "until b",
                  (event, state, data) ->
                      state.equals("b")
                          ? Transition.keepStateAndData(
                              Action.reply(((Event.Call<Message>) event).from(), "at last"))
                          : Transition.keepStateAndData(Action.postpone()));
          self.spawn(
              in -> {
                in.sleep(Duration.ofHours(1));
                machine.cast(go("b"));
              });
          assertEquals("at last", machine.call(untilB));
        });
  }

  @Test
  @DisplayName("G21 Calls that are postponed or not answered fail with what the machine ends with")
  void unansweredCalls() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, newTrace());
          RequestIds<String> open = new RequestIds<>(self);
          RequestId<Object> held = machine.send(self, postponed("postponed"));
          open.add(held, "postponed");
          open.add(machine.send(self, keep("unanswered")), "unanswered");
          machine.cast(does("stop", Transition.stop()));
          for (int i = 0; i < 2; i++) {
            String outcome = open.receive(SOON).toString();
            assertTrue(outcome.contains("reason=normal"), outcome);
          }
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("STM-027 a machine without terminate is stopped like any other")
  void stopWithoutTerminate() throws Exception {
    inProcess(
        self -> {
          GenStatem<Message, String, Object> bare = context -> Init.state("a", "data");
          StatemRef<Message> machine = GenStatem.start(self, () -> bare).orThrow();
          machine.stop();
          assertFalse(self.isAlive(Probe.pid(machine)));
        });
  }

  @Test
  @DisplayName("STM-028 an error in terminate during a stop is what the stop fails with")
  void errorInTerminate() throws Exception {
    NoSuchMethodError error = new NoSuchMethodError("undefined");
    inProcess(
        self -> {
          Probe probe =
              new Probe(newTrace()) {
                @Override
                public void terminate(ExitReason reason, String state, Object data) {
                  throw error;
                }
              };
          assertEquals(ExitReason.crashed(error), failure(Probe.start(self, probe)));
        },
        node -> assertEquals(1, node.reports(StatemTerminated.class).size()));
  }

  @Test
  @DisplayName("SM50 A machine that traps exits handles a peer's, and ends with its parent's")
  void exits() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          Pid[] child = new Pid[1];
          Pid parent =
              self.spawn(
                  in -> {
                    child[0] =
                        Probe.pid(
                            GenStatem.<Message, String, Object>startLink(
                                    in, () -> trapping(trace), StatemOptions.DEFAULT)
                                .orThrow());
                    in.send(self.pid(), "ready");
                    in.receive();
                    throw in.exit(ExitReason.of("parent"));
                  });
          expect(self, String.class);
          StatemRef<Message> machine = StatemRef.of(self, child[0]);
          Pid peer =
              self.spawn(
                  in -> {
                    in.link(child[0]);
                    throw in.exit(ExitReason.of("peer"));
                  });
          self.monitor(peer);
          expect(self, Down.class);
          assertEquals(
              List.of("info " + new Exit(peer, ExitReason.of("peer"))), seen(machine, trace));
          self.monitor(child[0]);
          self.send(parent, "end");
          assertEquals(ExitReason.of("parent"), expect(self, Down.class).reason());
          assertEquals(List.of("terminate parent a data"), trace);
        });
  }

  @Test
  @DisplayName("SM50 An exit signal kills a machine that does not trap exits without terminate")
  void killedWithoutTerminate() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          StatemRef<Message> machine = Probe.start(self, trace);
          self.monitor(Probe.pid(machine));
          self.exit(Probe.pid(machine), ExitReason.SHUTDOWN);
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
          assertEquals(List.of(), trace);
        });
  }

  @Test
  @DisplayName("SM5 A stop is normal by default, and may change the data that terminate gets")
  void stopResults() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          StatemRef<Message> normal = Probe.start(self, trace);
          self.monitor(Probe.pid(normal));
          normal.cast(does("stop", Transition.stop()));
          assertEquals(ExitReason.NORMAL, expect(self, Down.class).reason());
          assertEquals("terminate normal a data", trace.getLast());

          StatemRef<Message> changed = Probe.start(self, trace);
          self.monitor(Probe.pid(changed));
          changed.cast(does("stop", Transition.stop(ExitReason.SHUTDOWN, "last")));
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
          assertEquals("terminate shutdown a last", trace.getLast());
        });
  }

  @Test
  @DisplayName("G41 Machines and servers are asked together by their names")
  void multiCall() throws Exception {
    inProcess(
        self -> {
          for (String name : List.of("one", "two")) {
            GenStatem.<Message, String, Object>start(
                    self, () -> new Probe(newTrace()), StatemOptions.named(name))
                .orThrow();
          }
          Servers.Replies<Object> replies =
              Servers.multiCall(self, List.of("one", "two", "none"), plain("get"), SOON);
          assertEquals(Map.of("one", "a", "two", "a"), replies.answers());
          assertEquals(List.of("none"), replies.missing());
        });
  }

  @Test
  @DisplayName(
      "A machine handles as info what comes of the servers it monitors, links with and asks")
  void otherBehaviours() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          GenServer<Message, String> code =
              new GenServer<>() {
                @Override
                public io.coppice.behaviours.server.Init<String> init(Context context) {
                  return io.coppice.behaviours.server.Init.state("state");
                }

                @Override
                public Result<String> handleCall(Message request, Request from, String state) {
                  return Result.reply("asked " + request, state);
                }
              };
          ServerRef<Message> server = GenServer.start(self, () -> code).orThrow();
          Pid pid = server.whereis().orElseThrow();
          Probe probe = trapping(trace);
          StatemRef<Message> machine = Probe.start(self, probe);
          Probe.Do watch =
              doing(
                  "watch",
                  (event, state, data) -> {
                    Ref _ = probe.self().monitor(pid);
                    probe.self().link(pid);
                    RequestId<Object> _ = server.send(probe.self(), plain("this"));
                    return Transition.keepState("watching " + server.call(plain("that")));
                  });
          machine.cast(watch);
          self.sleep(SHORT);
          server.stop();
          self.sleep(SHORT);
          List<String> seen = seen(machine, trace);
          assertEquals(4, seen.size(), seen::toString);
          assertTrue(seen.get(1).contains("asked this"), seen::toString);
          assertTrue(seen.get(2).startsWith("info Exit["), seen::toString);
          assertTrue(seen.get(3).startsWith("info Down["), seen::toString);
          assertEquals(new StateAndData<>("a", "watching asked that"), machine.sys().getState());
        });
  }
}
