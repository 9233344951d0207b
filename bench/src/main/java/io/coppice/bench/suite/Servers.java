package io.coppice.bench.suite;

import io.coppice.behaviours.Reply;
import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.bench.suite.CounterServer.Message;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls and casts to a server, from processes of each kind. */
final class Servers {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final ServerOptions CALLED = ServerOptions.DEFAULT;
  private static final ServerOptions INLINE = CALLED.spawn(SpawnOptions.DEFAULT.neverBlocks());

  private Servers() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("gen_server_call", (driver, run) -> calls(driver, run.size(100_000), false)),
        Workload.of(
            "gen_server_call_with_timeout",
            (driver, run) -> calls(driver, run.size(100_000), true)),
        Workload.of("gen_server_call_kernel", Servers::kernelCalls),
        Workload.of(
            "gen_server_call_blocking",
            (driver, run) -> callsBlocking(driver, run.size(100_000), TIMEOUT, CALLED)),
        Workload.of(
            "gen_server_call_blocking_no_timeout",
            (driver, run) -> callsBlocking(driver, run.size(100_000), null, CALLED)),
        Workload.of(
            "gen_server_call_blocking_inline",
            (driver, run) -> callsBlocking(driver, run.size(100_000), TIMEOUT, INLINE)),
        Workload.of("gen_server_cast", Servers::casts),
        Workload.of("gen_server_cast_blocking", Servers::castsBlocking),
        Workload.of("call_fan_in", Servers::fanIn),
        Workload.of("call_fan_in_blocking", Servers::fanInBlocking),
        Workload.of("selective_receive", Servers::selective),
        Workload.of("selective_receive_scan", Servers::scan));
  }

  // ---- reactive clients: the answer is a message

  private static class Caller implements Reactive {
    private final ServerRef<Message> server;
    private final int calls;
    private final boolean timed;
    private @Nullable RequestId<Integer> open;
    private @Nullable Ref timer;
    private int made;
    private int last;

    Caller(ServerRef<Message> server, int calls, boolean timed) {
      this.server = server;
      this.calls = calls;
      this.timed = timed;
    }

    @Override
    public void onStart(Context self) {
      ask(self);
    }

    private void ask(Context self) {
      open = server.send(self, CounterServer.INCREMENT);
      if (timed) {
        timer = self.startTimer(TIMEOUT, self.pid(), Word.TICK);
      }
    }

    @Override
    public void onMessage(Context self, Object message) {
      RequestId<Integer> request = Objects.requireNonNull(open, "one is open from the start on");
      Optional<Reply<Integer>> reply = request.check(message);
      Run.check(reply.isPresent(), "a message should be the answer", message);
      int value = reply.orElseThrow().orThrow();
      Run.check(value > last, "the counter should go up from " + last, value);
      last = value;
      if (timer != null) {
        Run.check(self.dropTimer(timer), "the time-out should run", timer);
      }
      if (++made < calls) {
        ask(self);
      } else {
        self.stop(ExitReason.NORMAL);
      }
    }
  }

  private static void calls(Context driver, int calls, boolean timed) {
    ServerRef<Message> server = CounterServer.start(driver.node());
    Boss.Watched watched = new Boss.Watched();
    watched.add(driver.spawnMonitor(new Caller(server, calls, timed)));
    watched.await(driver);
    counted(server, calls);
  }

  private static void fanIn(Context driver, Run run) {
    int calls = run.size(1_000);
    ServerRef<Message> server = CounterServer.start(driver.node());
    Boss.Watched watched = new Boss.Watched();
    for (int i = 0; i < 100; i++) {
      watched.add(driver.spawnMonitor(new Caller(server, calls, false)));
    }
    watched.await(driver);
    counted(server, 100 * calls);
  }

  private static void counted(ServerRef<Message> server, int expected) {
    Run.same(expected, server.call(CounterServer.GET), "the counter");
    server.stop();
  }

  /** The same without the behaviour: requests of the kernel between two reactive processes. */
  private static void kernelCalls(Context driver, Run run) {
    int calls = run.size(100_000);
    Pid server = driver.spawn(new KernelServer());
    Boss.Watched watched = new Boss.Watched();
    watched.add(driver.spawnMonitor(new KernelClient(server, calls)));
    watched.await(driver);
    driver.send(server, Word.STOP);
  }

  private static final class KernelServer implements Reactive {
    private int count;

    @Override
    public void onMessage(Context self, Object message) {
      if (message instanceof Request request) {
        request.reply(++count);
      } else {
        self.stop(ExitReason.NORMAL);
      }
    }
  }

  private static final class KernelClient implements Reactive {
    private final Pid server;
    private final int calls;
    private int made;

    KernelClient(Pid server, int calls) {
      this.server = server;
      this.calls = calls;
    }

    @Override
    public void onStart(Context self) {
      self.sendRequest(server, CounterServer.INCREMENT);
    }

    @Override
    public void onMessage(Context self, Object message) {
      Object answer = ((Response) message).answer();
      Run.check(answer instanceof Integer value && value == ++made, "answer " + made, answer);
      if (made < calls) {
        self.sendRequest(server, CounterServer.INCREMENT);
      } else {
        self.stop(ExitReason.NORMAL);
      }
    }
  }

  // ---- blocking clients

  private static void callsBlocking(
      Context driver, int calls, @Nullable Duration timeout, ServerOptions options) {
    ServerRef<Message> server =
        GenServer.start(driver.node(), CounterServer::new, options).orThrow();
    Boss.Watched watched = new Boss.Watched();
    watched.add(driver.spawnMonitor(self -> callInLoop(server, calls, timeout)));
    watched.await(driver);
    counted(server, calls);
  }

  private static void callInLoop(ServerRef<Message> server, int calls, @Nullable Duration timeout) {
    int last = 0;
    for (int i = 0; i < calls; i++) {
      int value = server.call(CounterServer.INCREMENT, timeout);
      Run.check(value > last, "the counter should go up from " + last, value);
      last = value;
    }
  }

  private static void fanInBlocking(Context driver, Run run) {
    int calls = run.size(1_000);
    ServerRef<Message> server = CounterServer.start(driver.node());
    Boss.Watched watched = new Boss.Watched();
    for (int i = 0; i < 100; i++) {
      watched.add(driver.spawnMonitor(self -> callInLoop(server, calls, TIMEOUT)));
    }
    watched.await(driver);
    counted(server, 100 * calls);
  }

  // ---- casts: one process sends them all, then asks once

  private static void casts(Context driver, Run run) {
    int casts = run.size(1_000_000);
    ServerRef<Message> server = CounterServer.start(driver.node());
    Boss boss =
        new Boss() {
          private @Nullable RequestId<Integer> flush;

          @Override
          public void onStart(Context self) {
            castInLoop(server, casts);
            flush = server.send(self, CounterServer.GET);
          }

          @Override
          public void onMessage(Context self, Object message) {
            RequestId<Integer> request = Objects.requireNonNull(flush, "sent at the start");
            finish(self, request.check(message).orElseThrow().orThrow());
          }
        };
    Run.same(casts, (int) Boss.result(driver, boss), "the counter");
    server.stop();
  }

  private static void castsBlocking(Context driver, Run run) {
    int casts = run.size(1_000_000);
    ServerRef<Message> server = CounterServer.start(driver.node());
    castInLoop(server, casts);
    Run.same(casts, server.call(CounterServer.GET, Duration.ofMinutes(1)), "the counter");
    server.stop();
  }

  private static void castInLoop(ServerRef<Message> server, int casts) {
    for (int i = 0; i < casts; i++) {
      server.cast(CounterServer.ADD);
    }
  }

  // ---- selective_receive: 10 000 messages wait while it calls; only the calls are in the time

  private record Unrelated(int number) {}

  private static void selective(Context driver, Run run) {
    ServerRef<Message> server = CounterServer.start(driver.node());
    int calls = run.size(1_000);
    queued(driver, run, () -> callLoop(server, calls));
    run.afterwards(server::stop);
  }

  private static int callLoop(ServerRef<Message> server, int calls) {
    int value = 0;
    for (int i = 0; i < calls; i++) {
      value = server.call(CounterServer.INCREMENT);
    }
    return value - calls;
  }

  /** Hand-written: the answer is an ordinary message, received by a condition. */
  private static void scan(Context driver, Run run) {
    record Question(Pid from) {}
    record Answer(int value) {}

    Pid server =
        driver.spawn(
            new Reactive() {
              private int count;

              @Override
              public void onMessage(Context self, Object message) {
                if (message instanceof Question(Pid from)) {
                  self.send(from, new Answer(++count));
                } else {
                  self.stop(ExitReason.NORMAL);
                }
              }
            });
    Question question = new Question(driver.pid());
    int calls = run.size(1_000);
    queued(
        driver,
        run,
        () -> {
          int value = 0;
          for (int i = 0; i < calls; i++) {
            driver.send(server, question);
            value = ((Answer) driver.receive(Answer.class::isInstance)).value();
          }
          return value - calls;
        });
    run.afterwards(() -> driver.send(server, Word.STOP));
  }

  private static void queued(Context driver, Run run, Supplier<Integer> calls) {
    int unrelated = run.size(10_000);
    for (int i = 0; i < unrelated; i++) {
      driver.send(driver.pid(), new Unrelated(i));
    }
    run.start();
    int wrong = calls.get();
    run.stop();
    Run.same(0, wrong, "the distance of the counter from the number of calls");
    for (int i = 0; i < unrelated; i++) {
      Object next = driver.receive();
      Run.check(new Unrelated(i).equals(next), "message " + i + " should have waited", next);
    }
  }
}
