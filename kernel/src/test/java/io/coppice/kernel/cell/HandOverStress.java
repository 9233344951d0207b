package io.coppice.kernel.cell;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.coppice.kernel.process.SpawnOptions;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Messages reach a process that rests, is about to, or begins a turn: some are handed to it, some
 * go through its mailbox. The result is what its handler got, in order.
 *
 * <p>The process is a real one, with a run queue of one place: how often it is to be run.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class HandOverStress {

  private HandOverStress() {}

  /** A process that rests, and writes down what it gets. */
  static class Resting {
    private final AtomicInteger ready = new AtomicInteger();
    private final StillHost host = new StillHost(Thread::currentThread);
    private final StringBuilder got = new StringBuilder(); // whoever runs it
    private final ProcessCell cell;

    Resting() {
      Kernel kernel =
          new Kernel(
              new KernelConfig("test", 1, 16, 1, report -> {}),
              new SilentDispatcher(ready::getAndIncrement));
      cell =
          new ProcessCell(
              kernel, 1, null, null, (self, message) -> got.append(message), SpawnOptions.DEFAULT);
      cell.runTurn(host);
    }

    final void send(String message) {
      cell.deliverFrom(null, message, Kernel.FOREVER);
    }

    /** One scheduler: runs it if it is to be run. */
    final void run() {
      if (ready.get() > 0) {
        ready.getAndDecrement();
        cell.runTurn(host);
      }
    }

    /** All have sent: what it got in the end. */
    final String all() {
      run();
      run();
      run();
      return ready.get() == 0 ? got.toString() : got + " and is still to be run";
    }
  }

  /** Two send, and nobody runs it meanwhile. */
  @JCStressTest
  @Outcome(
      id = {"a1a2b1", "a1b1a2", "b1a1a2"},
      expect = ACCEPTABLE,
      desc = "Each sender's in the order sent.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, twice, or out of order.")
  @State
  public static class TwoSenders extends Resting {
    @Actor
    public void a() {
      send("a1");
      send("a2");
    }

    @Actor
    public void b() {
      send("b1");
    }

    @Arbiter
    public void end(L_Result result) {
      result.r1 = all();
    }
  }

  /** One sends while its scheduler runs it, again and again. */
  @JCStressTest
  @Outcome(id = "a1a2a3", expect = ACCEPTABLE, desc = "In the order sent.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, twice, or out of order.")
  @State
  public static class WhileItRuns extends Resting {
    @Actor
    public void a() {
      send("a1");
      send("a2");
      send("a3");
    }

    @Actor
    public void scheduler() {
      for (int i = 0; i < 8; i++) {
        run();
      }
    }

    @Arbiter
    public void end(L_Result result) {
      result.r1 = all();
    }
  }

  /** One sends while it goes from one message to its rest. */
  @JCStressTest
  @Outcome(
      id = {"b1a1a2", "a1b1a2", "a1a2b1"},
      expect = ACCEPTABLE,
      desc = "Each sender's in the order sent.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, twice, or out of order.")
  @State
  public static class WhileItComesToRest extends Resting {
    @Actor
    public void a() {
      send("a1");
      send("a2");
    }

    @Actor
    public void scheduler() {
      send("b1");
      run();
      run();
    }

    @Arbiter
    public void end(L_Result result) {
      result.r1 = all();
    }
  }
}
