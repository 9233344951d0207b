package io.coppice.bench.latency;

import io.coppice.behaviours.server.ServerRef;
import io.coppice.bench.suite.CounterServer;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Report;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Processes of a node; the server is a GenServer. */
final class CoppiceContender implements Contender {
  private static final Duration LONG = Duration.ofHours(1);
  private final AtomicReference<@Nullable Report> crash = new AtomicReference<>();
  private final Node node;
  private final Pid client;

  CoppiceContender() {
    node =
        Node.start(
            NodeOptions.DEFAULT
                .withName("latency")
                .withReporter(
                    report -> {
                      if (report instanceof CrashReport) { // long turns are what is wanted here
                        crash.compareAndSet(null, report);
                      }
                    }));
    ServerRef<CounterServer.Message> server = CounterServer.start(node);
    client =
        node.spawn(
            self -> {
              while (self.receive() instanceof Due due) {
                due.answered(server.call(CounterServer.INCREMENT, LONG));
              }
            });
  }

  @Override
  public void call(Due call) {
    node.send(client, call);
  }

  /** Every other one is a reactive process. */
  @Override
  public void hogs(int count, Runnable loop) {
    for (int i = 0; i < count; i++) {
      if (i % 2 == 0) {
        node.spawn(self -> loop.run());
      } else {
        node.spawn(new ReactiveHog(loop));
      }
    }
  }

  private record ReactiveHog(Runnable loop) implements Reactive {
    @Override
    public void onStart(Context self) {
      loop.run();
      self.stop(ExitReason.NORMAL);
    }

    @Override
    public void onMessage(Context self, Object message) {
      throw new IllegalStateException("nobody writes to a loop: " + message);
    }
  }

  @Override
  public OptionalInt extraThreads() {
    return OptionalInt.of(node.extraSchedulers());
  }

  @Override
  public Optional<String> failure() {
    return Optional.ofNullable(crash.get()).map(Report::text);
  }

  @Override
  public void close() {
    node.close();
  }
}
