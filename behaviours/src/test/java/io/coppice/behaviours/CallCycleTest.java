package io.coppice.behaviours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.agent.Agent;
import io.coppice.behaviours.server.Action;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.behaviours.server.Step;
import io.coppice.behaviours.task.Join;
import io.coppice.behaviours.task.Task;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ExitReason.CallCycle;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.Supervisor;
import io.coppice.supervisor.SupervisorRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rings of waiting calls, by whatever a behaviour waits with, are named at once. */
class CallCycleTest {
  private static final int SEEDS = 20;

  private interface Code {
    @Nullable Object run(Context self) throws Exception;
  }

  /** Does what its clients say. */
  private static final class Doer implements GenServer<Doer.Do, String> {
    /** Runs some code and answers with its result. */
    record Do(Code code) implements Call<Do, Object> {}

    private @Nullable Context self;

    @Override
    public Init<String> init(Context context) {
      self = context;
      return Init.state("state");
    }

    @Override
    public Result<String> handleCall(Do request, Request from, String state) throws Exception {
      return Result.reply(request.code.run(Objects.requireNonNull(self)), state);
    }

    static ServerRef<Do> start(Context context, String name) {
      return GenServer.start(context, Doer::new, ServerOptions.named(name)).orThrow();
    }
  }

  /** Why a call fails, if it does. */
  private static @Nullable ExitReason failure(Runnable call) {
    try {
      call.run();
      return null;
    } catch (CallFailed failed) {
      return failed.reason();
    }
  }

  private static void assertCycle(int size, @Nullable Object reason) {
    assertEquals(size, assertInstanceOf(CallCycle.class, reason).ring().size());
  }

  /** Runs a test in which one ring is closed, at once. */
  private static void inRing(ProcessBody body) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      try (TestNode node = TestNode.start(seed)) {
        long start = node.monotonicNanos();
        node.run(body);
        assertTrue(node.monotonicNanos() - start < 1_000_000_000L, "it took a time-out");
        assertEquals(1, node.counters().callCycles(), "seed " + seed);
        end(node);
      }
    }
  }

  private static void end(TestNode node) {
    node.processes().forEach(pid -> node.exit(pid, ExitReason.KILL));
    node.runUntilIdle();
  }

  @Test
  @DisplayName("servers that call each other by name")
  void servers() {
    inRing(
        self -> {
          ServerRef<Doer.Do> a = Doer.start(self, "a");
          ServerRef<Doer.Do> b = ServerRef.named(self, "b");
          Doer.start(self, "b");
          Doer.Do last = new Doer.Do(own -> "never run");
          Doer.Do second = new Doer.Do(own -> failure(() -> a.call(last)));
          Doer.Do first = new Doer.Do(own -> b.call(second));
          assertCycle(2, a.call(first));
        });
  }

  @Test
  @DisplayName("a server is looked into, or stopped, by one whose answer it waits for")
  void sysAndStop() {
    inRing(
        self -> {
          ServerRef<Doer.Do> a = Doer.start(self, "a");
          ServerRef<Doer.Do> b = Doer.start(self, "b");
          Doer.Do looks = new Doer.Do(own -> failure(() -> a.sys().getState()));
          assertCycle(2, a.call(new Doer.Do(own -> b.call(looks))));
        });
    inRing(
        self -> {
          ServerRef<Doer.Do> a = Doer.start(self, "a");
          ServerRef<Doer.Do> b = Doer.start(self, "b");
          Doer.Do stops = new Doer.Do(own -> failure(a::stop));
          assertCycle(2, a.call(new Doer.Do(own -> b.call(stops))));
        });
  }

  @Test
  @DisplayName("agents whose functions ask each other")
  void agents() {
    inRing(
        self -> {
          Agent<Integer> a = Agent.start(self, () -> 1);
          Agent<Integer> b = Agent.start(self, () -> 2);
          Agent<Integer> c = Agent.start(self, () -> 3);
          assertCycle(
              3,
              a.<@Nullable ExitReason>get(
                  one ->
                      b.<@Nullable ExitReason>get(
                          two ->
                              c.<@Nullable ExitReason>get(
                                  three -> failure(() -> a.update(x -> x + 1))))));
        });
  }

  @Test
  @DisplayName("the outcome of one request, alone or as the last of a collection")
  void requests() {
    inRing(
        self -> {
          ServerRef<Doer.Do> server = Doer.start(self, "a");
          List<Object> cycles = new ArrayList<>();
          Pid me = self.pid();
          Doer.Do asksBack =
              new Doer.Do(
                  own -> {
                    ExitReason failure = failure(() -> own.call(me, "question", null));
                    if (failure != null) {
                      cycles.add(failure);
                    }
                    return "done";
                  });
          RequestIds<String> open = new RequestIds<>(self);
          server.send(self, new Doer.Do(own -> "first"), "first", open);
          server.send(self, asksBack, "second", open);
          for (int i = 0; i < 2; i++) {
            RequestIds.Arrived<?> arrived =
                assertInstanceOf(RequestIds.Arrived.class, open.receive(null));
            if (arrived.reply() instanceof Reply.Failure<?> failure) {
              cycles.add(failure.reason());
            }
          }
          assertEquals(1, cycles.size());
          assertCycle(2, cycles.getFirst());
        });
  }

  @Test
  @DisplayName("a task that asks its owner, who awaits it")
  void task() {
    inRing(
        self -> {
          Pid me = self.pid();
          self.trapExit(true);
          Task<@Nullable ExitReason> task =
              Task.async(self, own -> failure(() -> own.call(me, "question", null)));
          ExitReason awaiting = failure(() -> assertCycle(2, task.await(null)));
          if (awaiting != null) {
            assertCycle(2, awaiting); // it was the last to wait
          }
        });
  }

  @Test
  @DisplayName("who joins a process that asks it")
  void join() {
    inRing(
        self -> {
          Pid me = self.pid();
          List<@Nullable ExitReason> failures = new ArrayList<>();
          Pid other =
              self.spawn(
                  own -> {
                    failures.add(failure(() -> own.call(me, "question", null)));
                  });
          ExitReason joining = failure(() -> Join.one(self, other, null));
          assertCycle(3, joining != null ? joining : failures.getFirst());
        });
  }

  @Test
  @DisplayName("a child that asks its supervisor while it is started, or stopped")
  void supervisor() {
    inRing(
        self -> {
          ChildSpec child =
              ChildSpec.of(
                  "asks",
                  () ->
                      new Child(
                          own ->
                              assertCycle(
                                  2,
                                  failure(
                                      () -> SupervisorRef.of(own, own.parent()).whichChildren())),
                          own -> {}));
          SupervisorRef supervisor = Supervisor.oneForOne().child(child).start(self);
          assertEquals(1, supervisor.countChildren().active());
        });
    inRing(
        self -> {
          List<Boolean> ended = new ArrayList<>();
          ChildSpec child =
              ChildSpec.of(
                  "asks",
                  () ->
                      new Child(
                          own -> own.trapExit(true),
                          own -> {
                            ExitReason failure =
                                failure(() -> SupervisorRef.of(own, own.parent()).whichChildren());
                            assertCycle(2, failure);
                            ended.add(true);
                          }));
          SupervisorRef supervisor = Supervisor.oneForOne().child(child).start(self);
          supervisor.terminateChild("asks").orThrow();
          assertEquals(List.of(true), ended);
        });
  }

  private interface Hook {
    void run(Context self);
  }

  /** Does something when it is started, and when it is told to end. */
  private static final class Child implements GenServer<Doer.Do, String> {
    private final Hook first;
    private final Hook last;
    private @Nullable Context self;

    Child(Hook first, Hook last) {
      this.first = first;
      this.last = last;
    }

    @Override
    public Init<String> init(Context context) {
      self = context;
      first.run(context);
      return Init.state("state");
    }

    @Override
    public void terminate(ExitReason reason, String state) {
      last.run(Objects.requireNonNull(self));
    }
  }

  /** Leaves its answers to a helper and calls who waits for them. */
  private static final class Leaves implements GenServer<Leaves.Ask, String> {
    record Ask(boolean typed) implements Call<Ask, String> {}

    private record Given(Request request) {}

    private final List<@Nullable ExitReason> failures;
    private @Nullable Context self;
    private @Nullable Pid helper;

    Leaves(List<@Nullable ExitReason> failures) {
      this.failures = failures;
    }

    @Override
    public Init<String> init(Context context) {
      self = context;
      helper =
          context.spawn(
              (own, message) -> {
                if (message instanceof Given(Request request)) {
                  request.reply("by the helper");
                } else if (message instanceof From<?>(Request request)) {
                  request.reply("by the helper");
                }
              });
      return Init.state("state");
    }

    @Override
    public Result<String> handleCall(Ask ask, Request request, String state) {
      Context own = Objects.requireNonNull(self);
      Pid to = Objects.requireNonNull(helper);
      Pid caller = Objects.requireNonNull(request.caller());
      if (ask.typed) {
        own.send(to, From.of(ask, request));
        callBack(caller);
        return Result.noReply(state);
      }
      own.send(to, new Given(request));
      return Result.noReply(state, Action.continueWith(caller));
    }

    @Override
    public Step<String> handleContinue(Object caller, String state) {
      callBack((Pid) caller);
      return Step.next(state);
    }

    private void callBack(Pid caller) {
      Context own = Objects.requireNonNull(self);
      failures.add(failure(() -> own.call(caller, "asks back", null)));
    }
  }

  @Test
  @DisplayName("a server that has left its answer to others may call who waits for it")
  void left() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<@Nullable ExitReason> failures = new ArrayList<>();
      try (TestNode node = TestNode.start(seed)) {
        node.run(
            self -> {
              ServerRef<Leaves.Ask> server =
                  GenServer.start(self, () -> new Leaves(failures)).orThrow();
              for (boolean typed : new boolean[] {true, false}) {
                assertEquals("by the helper", server.call(new Leaves.Ask(typed)));
                assertTrue(((Request) self.receive()).reply("answer"));
              }
            });
        assertEquals(0, node.counters().callCycles(), "seed " + seed);
        assertNull(failures.getFirst());
        end(node);
      }
    }
  }

  @Test
  @DisplayName("the exit reason of a server that did not catch it tells the ring")
  void uncaught() {
    inRing(
        self -> {
          ServerRef<Doer.Do> a = Doer.start(self, "a");
          ServerRef<Doer.Do> b = Doer.start(self, "b");
          Doer.Do second = new Doer.Do(own -> a.call(new Doer.Do(o -> "never run")));
          CallFailed failed =
              assertThrows(CallFailed.class, () -> a.call(new Doer.Do(own -> b.call(second))));
          String text = failed.getMessage();
          assertNotNull(text);
          assertTrue(text.matches("(?s).*: <[0-9]+> .b. -> <[0-9]+> .a. -> <[0-9]+> .b..*"), text);
        });
  }
}
