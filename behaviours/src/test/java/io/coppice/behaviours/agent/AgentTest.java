package io.coppice.behaviours.agent;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.BadReturnValue;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AgentTest {
  private static final Duration MOMENT = Duration.ofMillis(10);

  private static int value(Agent<Integer> agent) {
    return agent.get(count -> count);
  }

  private static <S> Pid pid(Agent<S> agent) {
    return agent.whereis().orElseThrow();
  }

  private static ExitReason failure(Runnable call) {
    return assertThrows(CallFailed.class, call::run).reason();
  }

  private static int increment(int count) {
    return count + 1;
  }

  @Test
  @DisplayName("the example of the documentation")
  @Timeout(20)
  void example() {
    // @start region="agent"
    try (Node node = Node.start()) {
      Agent<List<String>> names = Agent.start(node, List::of);
      names.update(list -> List.of("Ada", "Grace"));
      int count = names.get(List::size); // runs in the agent: only the number comes back
      String first =
          names.getAndUpdate(list -> new Agent.Step<>(list.getFirst(), list.subList(1, 2)));
      // @end
      assertEquals(2, count);
      assertEquals("Ada", first);
      assertEquals(List.of("Grace"), names.get(list -> list));
    }
  }

  @Test
  @DisplayName("AGT-001 AG1 get, update, getAndUpdate and cast run in the agent, and stop ends it")
  void workflow() throws Exception {
    inProcess(
        self -> {
          Agent<Integer> agent = Agent.startLink(self, () -> 1);
          Pid process = pid(agent);
          assertTrue(self.links().contains(process));
          assertEquals(1, value(agent));
          agent.update(AgentTest::increment);
          assertEquals(2, value(agent));
          String was = agent.getAndUpdate(count -> new Agent.Step<>("was " + count, count + 10));
          assertEquals("was 2", was);
          agent.cast(AgentTest::increment);
          assertEquals(13, value(agent), "the cast came before this get");
          assertEquals(13, agent.sys().getState());
          assertEquals(null, agent.<@Nullable Object>get(count -> null));
          agent.stop();
          assertEquals(new Exit(process, ExitReason.NORMAL), expect(self, Exit.class));
          assertEquals(ExitReason.NO_PROCESS, failure(() -> agent.get(count -> count)));
          agent.cast(AgentTest::increment);
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("AGT-001 AG1 the functions run in the agent's process, the first one too")
  void inside() throws Exception {
    inProcess(
        self -> {
          Agent<Integer> agent = Agent.start(self, () -> 1);
          Pid process = pid(agent);
          assertTrue(!self.links().contains(process), "start makes no link");
          // A process cannot call itself, which shows where the function runs.
          assertEquals(
              ExitReason.CALLING_SELF,
              agent.get(count -> failure(() -> agent.get(AgentTest::increment))));
          agent.stop(ExitReason.SHUTDOWN, SOON);
          assertEquals(ExitReason.NO_PROCESS, failure(agent::stop));
        });
  }

  @Test
  @DisplayName("AGT-003 AG1 a getAndUpdate that returns no step ends the agent with bad_return")
  @SuppressWarnings("NullAway") // what null-safe code cannot do
  void badReturn() throws Exception {
    inProcess(
        self -> {
          Agent<Integer> agent = Agent.startLink(self, () -> 1);
          ExitReason told = failure(() -> agent.getAndUpdate(count -> null));
          BadReturnValue bad = badReturn(told);
          assertEquals(null, bad.value());
          assertTrue(bad.callback().contains("getAndUpdate"), bad::toString);
          assertEquals(new Exit(pid(agent), told), expect(self, Exit.class));

          Agent<Integer> second = Agent.startLink(self, () -> 1);
          ExitReason rubbish = failure(() -> second.getAndUpdate(AgentTest::rubbish));
          assertEquals("no step", badReturn(rubbish).value());
          assertEquals(new Exit(pid(second), rubbish), expect(self, Exit.class));
        });
  }

  /** What a caller without generics could return. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T rubbish(Object state) {
    return (T) (Object) "no step";
  }

  private static BadReturnValue badReturn(ExitReason reason) {
    Object term = assertInstanceOf(ExitReason.Custom.class, reason).term();
    return assertInstanceOf(BadReturnValue.class, term);
  }

  @Test
  @DisplayName("AG1 a state that is null ends the agent, however it came")
  void nullState() throws Exception {
    inProcess(
        self -> {
          Agent<Integer> updated = Agent.start(self, () -> 1);
          assertEquals(null, badReturn(failure(() -> updated.update(AgentTest::none))).value());
          Agent<Integer> stepped = Agent.start(self, () -> 1);
          Object step =
              badReturn(
                      failure(
                          () -> stepped.getAndUpdate(count -> new Agent.Step<>(1, none(count)))))
                  .value();
          assertInstanceOf(Agent.Step.class, step);
          Agent<Integer> cast = Agent.startLink(self, () -> 1);
          cast.cast(AgentTest::none);
          assertEquals(null, badReturn(expect(self, Exit.class).reason()).value());
          assertEquals(null, badReturn(failure(() -> Agent.start(self, () -> none(1)))).value());
        });
  }

  @SuppressWarnings("NullAway") // what null-safe code cannot do
  private static Integer none(Integer state) {
    return null;
  }

  @Test
  @DisplayName("AG1 a function that throws ends the agent, and its caller is told with what")
  void crash() throws Exception {
    inProcess(
        self -> {
          for (int kind = 0; kind < 3; kind++) {
            int which = kind;
            Agent<Integer> agent = Agent.startLink(self, () -> 0);
            ExitReason told =
                failure(
                    () -> {
                      switch (which) {
                        case 0 -> agent.get(count -> 1 / count);
                        case 1 -> agent.update(count -> 1 / count);
                        default -> agent.getAndUpdate(count -> new Agent.Step<>(1, 1 / count));
                      }
                    });
            assertInstanceOf(
                ArithmeticException.class,
                assertInstanceOf(ExitReason.Crashed.class, told).error());
            assertEquals(new Exit(pid(agent), told), expect(self, Exit.class));
          }
          Agent<Integer> agent = Agent.startLink(self, () -> 0);
          agent.cast(count -> 1 / count);
          assertInstanceOf(ExitReason.Crashed.class, expect(self, Exit.class).reason());
        });
  }

  @Test
  @DisplayName("AG1 the caller of a function that throws ends too, unless it catches that")
  void callerEnds() throws Exception {
    inProcess(
        self -> {
          Agent<Integer> agent = Agent.start(self, () -> 0);
          Ref monitor = self.spawnMonitor(client -> agent.update(count -> 1 / count)).monitor();
          Down down = expect(self, Down.class);
          assertEquals(monitor, down.ref());
          ExitReason.CallFailure failure =
              assertInstanceOf(ExitReason.CallFailure.class, down.reason());
          assertInstanceOf(ExitReason.Crashed.class, failure.cause());
          assertTrue(failure.call().contains("Agent.update"), failure::call);
        });
  }

  @Test
  @DisplayName("AG1 a start whose function throws fails with that, and leaves the name free")
  void failingStart() throws Exception {
    inProcess(
        self -> {
          ServerOptions named = ServerOptions.named("agent");
          ExitReason told = failure(() -> Agent.startLink(self, AgentTest::failing, named));
          assertInstanceOf(ExitReason.Crashed.class, told);
          expectNothing(self);
          assertEquals(Optional.empty(), self.whereis("agent"));
          Processes node = self.node();
          ExitReason late =
              failure(
                  () ->
                      Agent.start(
                          self,
                          () -> node.handoff("never").await(null).isEmpty() ? 0 : 1,
                          named.initTimeout(MOMENT)));
          assertEquals(ExitReason.TIMEOUT, late);
          assertEquals(Optional.empty(), self.whereis("agent"));
        });
  }

  private static Integer failing() {
    throw new IllegalStateException("no first state");
  }

  @Test
  @DisplayName("AG1 a call gives up after its time, and what it asked for happens all the same")
  void timeouts() throws Exception {
    inProcess(
        self -> {
          Agent<Integer> agent = Agent.start(self, () -> 1);
          agent.sys().suspend();
          assertEquals(ExitReason.TIMEOUT, failure(() -> agent.get(count -> count, MOMENT)));
          assertEquals(
              ExitReason.TIMEOUT, failure(() -> agent.update(AgentTest::increment, MOMENT)));
          assertEquals(
              ExitReason.TIMEOUT,
              failure(() -> agent.getAndUpdate(c -> new Agent.Step<>(c, c + 10), Duration.ZERO)));
          long before = self.monotonicNanos();
          assertEquals(ExitReason.TIMEOUT, failure(() -> agent.get(count -> count)));
          assertEquals(Duration.ofSeconds(5).toNanos(), self.monotonicNanos() - before);
          agent.sys().resume();
          int last = agent.get(state -> state, null);
          assertEquals(12, last);
          expectNothing(self);
          assertThrows(
              IllegalArgumentException.class,
              () -> agent.get(count -> count, Duration.ofNanos(-1)));
        });
  }

  @Test
  @DisplayName("AG2 an agent is found by its name, its pid, and a name in another registry")
  void names() throws Exception {
    inProcess(
        self -> {
          Agent<Integer> named = Agent.named(self, "counter");
          assertEquals(Optional.empty(), named.whereis());
          assertEquals(ExitReason.NO_PROCESS, failure(() -> named.get(count -> count)));
          Agent<Integer> agent = Agent.start(self, () -> 7, ServerOptions.named("counter"));
          assertEquals(agent.whereis(), named.whereis());
          assertEquals(7, value(named));
          assertEquals(7, value(Agent.<Integer>of(self, pid(agent))));
          NameTaken taken =
              assertThrows(
                  NameTaken.class,
                  () -> Agent.startLink(self, () -> 8, ServerOptions.named("counter")));
          assertSame(pid(agent), taken.holder());
          expectNothing(self);

          GlobalNames names = GlobalNames.start(self);
          ServerOptions global = ServerOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.via(names, 9));
          Agent.start(self, () -> 9, global);
          assertEquals(9, value(Agent.<Integer>via(self, new ViaName(names, 9))));
          Agent<Integer> unnamed = Agent.start(self, () -> 1, ServerOptions.named(null));
          assertEquals(pid(unnamed).toString(), unnamed.toString());
          assertEquals("counter", named.toString());
        });
  }

  @Test
  @DisplayName("AG1 a supervised agent begins each life with a first state, under its name")
  void supervised() {
    TestNode.forSeeds(
        20,
        node -> {
          Supervisor.oneForOne().child(Agent.child("count", () -> 0)).start(node);
          node.run(
              self -> {
                Agent<Integer> agent = Agent.named(self, "count");
                agent.update(AgentTest::increment);
                Pid first = pid(agent);
                Ref _ = self.monitor(first);
                assertInstanceOf(
                    ExitReason.Crashed.class,
                    failure(() -> agent.update(count -> 1 / (count - 1))));
                assertEquals(first, expect(self, Down.class).target());
                self.sleep(MOMENT);
                assertEquals(0, value(agent));
              });
        });
  }

  @Test
  @DisplayName("AG1 no update is lost and no step is torn, whoever makes them")
  void atomic() {
    TestNode.forSeeds(
        50,
        node -> {
          Agent<Integer> agent = Agent.start(node, () -> 0);
          List<Integer> drawn = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            node.spawn(
                self -> {
                  for (int j = 0; j < 5; j++) {
                    drawn.add(agent.getAndUpdate(count -> new Agent.Step<>(count, count + 1)));
                    agent.cast(count -> count + 1);
                  }
                });
          }
          node.runUntilIdle();
          assertEquals(20, drawn.stream().distinct().count(), drawn::toString);
          assertEquals(40, value(agent));
        });
  }

  @Test
  @DisplayName("AG1 threads outside of the node use an agent as processes do")
  @Timeout(20)
  void outside() throws InterruptedException {
    try (Node node = Node.start()) {
      Agent<Integer> agent = Agent.start(node, () -> 0);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int j = 0; j < 250; j++) {
                        agent.update(AgentTest::increment);
                      }
                    }));
      }
      for (Thread thread : threads) {
        assertTrue(thread.join(SOON));
      }
      assertEquals(1000, value(agent));
    }
  }
}
