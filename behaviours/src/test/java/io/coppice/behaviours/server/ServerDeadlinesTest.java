package io.coppice.behaviours.server;

import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.From;
import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.agent.Agent;
import io.coppice.behaviours.server.Servers.Replies;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Deadlines;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Servers that drop what nobody waits for, and pass on how long somebody does. */
class ServerDeadlinesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  /** Does what takes a while, and tells what it has done. */
  private static final class Busy implements GenServer<Busy.Message, List<String>> {
    sealed interface Message {}

    record Work(String what, Duration takes) implements Message, Call<Message, List<String>> {}

    /** Has another one work, for up to a minute. */
    record Delegate(Work work, ServerRef<Message> to) implements Message, Call<Message, Boolean> {}

    /** Waits for the client's time. */
    record TimeLeft() implements Message, Call<Message, Optional<Duration>> {}

    private Optional<Context> self = Optional.empty();

    @Override
    public Init<List<String>> init(Context context) {
      self = Optional.of(context);
      return Init.state(List.of());
    }

    @Override
    public Result<List<String>> handleCall(Message message, Request from, List<String> done) {
      return switch (message) {
        case Work(String what, Duration takes) -> {
          self.orElseThrow().sleep(takes);
          yield Result.reply(with(done, what), with(done, what));
        }
        case Delegate(Work work, var to) -> {
          long start = self.orElseThrow().monotonicNanos();
          try {
            to.call(work, Duration.ofMinutes(1));
            yield Result.reply(true, with(done, work.what()));
          } catch (CallFailed failed) {
            long took = self.orElseThrow().monotonicNanos() - start;
            yield Result.noReply(with(done, "gave up after " + Duration.ofNanos(took)));
          }
        }
        case TimeLeft asked -> {
          From<Optional<Duration>> client = From.of(asked, from);
          self.orElseThrow().sleep(SHORT);
          yield Result.reply(client.timeLeft(), done);
        }
      };
    }

    private static List<String> with(List<String> done, String more) {
      List<String> all = new ArrayList<>(done);
      all.add(more);
      return List.copyOf(all);
    }
  }

  /** Does not survive a client who loses patience, and has something to clean up then. */
  private record Fragile(ServerRef<Busy.Message> cleaner)
      implements GenServer<Busy.Message, Boolean> {
    @Override
    public Init<Boolean> init(Context context) {
      return Init.state(true);
    }

    @Override
    public Result<Boolean> handleCall(Busy.Message message, Request from, Boolean state) {
      if (message instanceof Busy.Delegate(Busy.Work work, var to)) {
        to.call(work, Duration.ofMinutes(1));
      }
      return Result.noReply(state);
    }

    @Override
    public void terminate(ExitReason reason, Boolean state) {
      cleaner.call(work("released"));
    }
  }

  private static ServerRef<Busy.Message> start(Context self, String name, Deadlines deadlines) {
    ServerOptions options = ServerOptions.named(name);
    return GenServer.start(
            self, Busy::new, options.spawn(SpawnOptions.DEFAULT.deadlines(deadlines)))
        .orThrow();
  }

  private static Busy.Work work(String what) {
    return new Busy.Work(what, Duration.ZERO);
  }

  private static void occupy(Context self, ServerRef<Busy.Message> server) {
    var _ = server.send(self, new Busy.Work("long", SECOND));
  }

  private static void assertTimesOut(Runnable call) {
    assertEquals(ExitReason.TIMEOUT, assertThrows(CallFailed.class, call::run).reason());
  }

  @Test
  @DisplayName("A server under DROP does not do what nobody waits for")
  void dropped() {
    inProcess(
        self -> {
          ServerRef<Busy.Message> server = start(self, "busy", Deadlines.DROP);
          occupy(self, server);
          assertTimesOut(() -> server.call(work("late"), SHORT));
          RequestId<List<String>> abandoned = server.send(self, work("abandoned"));
          assertEquals(Optional.empty(), abandoned.receive(SHORT));
          RequestId<List<String>> kept = server.send(self, work("kept"));
          assertEquals(Optional.empty(), kept.await(SHORT));
          Replies<List<String>> none =
              Servers.multiCall(self, List.of("busy"), work("of many"), SHORT);
          assertEquals(List.of("busy"), none.missing());
          assertTrue(server.request(work("cancelled")).cancel(false));
          assertEquals(List.of("long", "kept", "next"), server.call(work("next")));
          assertEquals(4, self.counters().expired());
        });
  }

  @Test
  @DisplayName("G24 a server does what it was asked though its client has left, by default")
  void kept() {
    inProcess(
        self -> {
          ServerRef<Busy.Message> server = start(self, "busy", Deadlines.IGNORE);
          occupy(self, server);
          assertTimesOut(() -> server.call(work("late"), SHORT));
          assertEquals(List.of("long", "late", "next"), server.call(work("next")));
        });
  }

  @Test
  @DisplayName("G42 the order to stop stands when its time is over, also under DROP")
  void stop() {
    inProcess(
        self -> {
          ServerRef<Busy.Message> server = start(self, "busy", Deadlines.DROP);
          occupy(self, server);
          assertTimesOut(() -> server.stop(ExitReason.SHUTDOWN, SHORT));
          Ref ended = self.monitor(server.whereis().orElseThrow());
          self.sleep(SECOND);
          assertFalse(self.demonitorFlush(ended), "it has ended");
          assertEquals(Optional.empty(), server.whereis().filter(self::isAlive));
        });
  }

  @Test
  @DisplayName("What was held while a server was suspended is dropped if nobody waits any more")
  void suspended() {
    inProcess(
        self -> {
          ServerRef<Busy.Message> server = start(self, "busy", Deadlines.DROP);
          server.sys().suspend();
          assertTimesOut(() -> server.call(work("late"), SHORT));
          RequestId<List<String>> patient = server.send(self, work("patient"));
          server.sys().resume();
          assertEquals(List.of("patient"), patient.receive(null).orElseThrow().orThrow());
          assertEquals(1, self.counters().expired());
        });
  }

  @Test
  @DisplayName("A server under PASS_ON gives its own calls the time that its client has left")
  void passedOn() {
    inProcess(
        self -> {
          ServerRef<Busy.Message> back = start(self, "back", Deadlines.IGNORE);
          ServerRef<Busy.Message> front = start(self, "front", Deadlines.PASS_ON);
          Busy.Work slow = new Busy.Work("slow", SECOND.multipliedBy(10));
          assertTimesOut(() -> front.call(new Busy.Delegate(slow, back), SECOND));
          assertEquals(List.of("gave up after PT1S", "next"), front.call(work("next")));
          assertTrue(front.call(new Busy.Delegate(work("quick"), back), SECOND.multipliedBy(10)));
        });
  }

  @Test
  @DisplayName(
      "A server under PASS_ON that fails since its client's time is over can still clean up")
  void terminates() {
    inProcess(
        self -> {
          ServerRef<Busy.Message> back = start(self, "back", Deadlines.IGNORE);
          ServerRef<Busy.Message> cleaner = start(self, "cleaner", Deadlines.IGNORE);
          SpawnOptions passesOn = SpawnOptions.DEFAULT.deadlines(Deadlines.PASS_ON);
          ServerRef<Busy.Message> front =
              GenServer.start(
                      self,
                      () -> new Fragile(cleaner),
                      ServerOptions.named("front").spawn(passesOn))
                  .orThrow();
          Busy.Work slow = new Busy.Work("slow", SECOND.multipliedBy(10));
          assertThrows(CallFailed.class, () -> front.call(new Busy.Delegate(slow, back), SECOND));
          self.sleep(SHORT);
          assertEquals(List.of("released", "next"), cleaner.call(work("next")));
        });
  }

  @Test
  @DisplayName("A held request that is taken up after a suspension limits the calls made for it")
  void passedOnAfterSuspension() {
    inProcess(
        self -> {
          ServerRef<Busy.Message> back = start(self, "back", Deadlines.IGNORE);
          ServerRef<Busy.Message> front = start(self, "front", Deadlines.PASS_ON);
          Busy.Work slow = new Busy.Work("slow", SECOND.multipliedBy(10));
          front.sys().suspend();
          self.spawn(
              other -> assertTimesOut(() -> front.call(new Busy.Delegate(slow, back), SECOND)));
          self.sleep(SHORT);
          front.sys().resume();
          assertEquals(List.of("gave up after PT0.9S", "next"), front.call(work("next")));
        });
  }

  @Test
  @DisplayName("An agent can be told to drop what nobody waits for")
  void agent() {
    inProcess(
        self -> {
          Agent<Integer> agent =
              Agent.start(
                  self,
                  () -> 0,
                  ServerOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.deadlines(Deadlines.DROP)));
          Pid silent = self.spawn((other, message) -> {});
          Processes node = self.node();
          agent.cast(
              count -> {
                assertTimesOut(() -> node.call(silent, "?", SECOND));
                return count + 1;
              });
          assertTimesOut(() -> agent.update(count -> count + 10, SHORT));
          assertEquals(Integer.valueOf(1), agent.get(count -> count));
        });
  }

  @Test
  @DisplayName("A client's time is to be read where its request is handled")
  void timeLeft() {
    inProcess(
        self -> {
          ServerRef<Busy.Message> server = start(self, "busy", Deadlines.IGNORE);
          assertEquals(Optional.of(SECOND.minus(SHORT)), server.call(new Busy.TimeLeft(), SECOND));
          assertEquals(Optional.empty(), server.call(new Busy.TimeLeft(), null));
        });
  }
}
