package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.coppice.kernel.cell.StateWord.Leave;
import io.coppice.kernel.cell.StateWord.Notify;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.time.TimerWheel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Lincheck walks through interleavings of the state word, of a process's timers and of a call's
 * outcome.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs it.
 */
class CellLincheckTest {

  private static final int INTERLEAVINGS = 2_000;

  private static void join(Thread... threads) {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // ---- the state word

  /** A process with a counter for a queue; what is done with the token repeats InboundCell. */
  private static final class Cell extends StateWord {
    private final AtomicInteger queued = new AtomicInteger();
    private int handled; // guarded by the token

    Cell() {
      beginTurn();
      releaseToken();
    }

    void drain() {
      int taken = queued.get() - handled;
      handled += taken;
      addSignalsPending(-taken);
    }

    void fill() {
      do {
        takeToken();
        drain();
      } while (releaseToken());
    }

    void operate() {
      if (signalsPendingVolatile() > 0) {
        fill();
      }
      takeToken();
      if (releaseToken()) {
        fill();
      }
    }

    void signal() {
      addSignalsPending(1);
      queued.incrementAndGet();
      if (notifySignal() == Notify.HELP) {
        boolean again = true;
        while (again && tryTakeTokenToHelp()) {
          drain();
          again = releaseTokenNotified();
        }
      }
    }

    Notify message() {
      queued.incrementAndGet();
      return notifyMessage();
    }
  }

  @DisplayName("P16 a signal to a process that goes on computing is handled by somebody")
  @Test
  void signalIsHandled() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Cell cell = new Cell();
          Thread sender = Thread.ofPlatform().start(cell::signal);
          cell.operate();
          join(sender);
          assertEquals(1, cell.handled);
        });
  }

  @DisplayName("A message finds a process that will look, or makes it run, once")
  @Test
  void wakeUpIsNotLost() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Cell cell = new Cell();
          Notify[] told = {Notify.NOTHING, Notify.NOTHING};
          Thread one = Thread.ofPlatform().start(() -> told[0] = cell.message());
          Thread two = Thread.ofPlatform().start(() -> told[1] = cell.message());
          cell.fill();
          Leave left = cell.tryIdle();
          join(one, two);
          int schedules = 0;
          for (Notify notify : told) {
            schedules += notify == Notify.SCHEDULE ? 1 : 0;
          }
          if (left == Leave.NOTIFIED) {
            assertEquals(0, schedules, "it runs");
          } else if (schedules != 1) {
            assertEquals(0, schedules, "enqueued twice");
            assertEquals(2, cell.handled, "it sleeps and a message waits");
          }
        });
  }

  // ---- the timers of a process

  /** A kernel is not needed for what these timers do; the name keeps them without a receiver. */
  private static final class Timers {
    final TimerList list = new TimerList();
    final MessageTimer[] timers = new MessageTimer[3];
    final boolean[] added = new boolean[3];

    Timers(Kernel kernel) {
      for (int i = 0; i < timers.length; i++) {
        timers[i] = new MessageTimer(kernel, null, "nobody", "message", false);
        WHEEL.start(timers[i], 1L << 40);
      }
    }

    void add(int i) {
      added[i] = list.add(timers[i]);
    }

    boolean isArmed(int i) {
      return timers[i].isArmed();
    }

    void cancelRest() {
      for (MessageTimer timer : timers) {
        timer.cancel();
      }
    }
  }

  /** Made in advance: Lincheck takes the loop that makes its slots for a livelock. */
  private static final TimerWheel WHEEL =
      new TimerWheel(
          0,
          (node, thrown) -> {
            throw new AssertionError(thrown);
          });

  private static final Kernel KERNEL =
      new Kernel(new KernelConfig("test", 1, 16, 1, report -> {}), new SilentDispatcher());

  @DisplayName("T6 the end cancels the timers that were added, apart from those removed")
  @Test
  void timersClosed() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Timers timers = new Timers(KERNEL);
          timers.add(0);
          timers.add(1);
          Thread remover = Thread.ofPlatform().start(() -> timers.list.remove(timers.timers[0]));
          Thread adder = Thread.ofPlatform().start(() -> timers.add(2));
          timers.list.close();
          join(remover, adder);
          assertFalse(timers.isArmed(1), "it was added before");
          assertEquals(!timers.added[2], timers.isArmed(2), "refused or cancelled");
          timers.cancelRest();
        });
  }

  @DisplayName("T6 timers added and removed side by side stay one list")
  @Test
  void timersRemoved() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Timers timers = new Timers(KERNEL);
          timers.add(0);
          timers.add(1);
          Thread one = Thread.ofPlatform().start(() -> timers.list.remove(timers.timers[0]));
          Thread two = Thread.ofPlatform().start(() -> timers.list.remove(timers.timers[1]));
          timers.add(2);
          join(one, two);
          timers.list.close();
          assertEquals(
              "true true false",
              timers.isArmed(0) + " " + timers.isArmed(1) + " " + timers.isArmed(2));
          timers.cancelRest();
        });
  }

  // ---- the outcome of a call

  /** A call that two servers answer while its caller gives up. */
  public static class Call {
    private final CallRequest request = new CallRequest.ByThread("question");

    @Operation
    public boolean reply(int answer) {
      return request.reply(answer);
    }

    @Operation
    public boolean replyNull() {
      return request.reply(null);
    }

    @Operation
    public boolean fail() {
      return request.fail(ExitReason.KILLED);
    }

    @Operation
    public boolean abandon() {
      return request.abandon();
    }

    @Operation
    public String outcome() {
      if (!request.isSettled()) {
        return "none";
      }
      ExitReason failure = request.failure();
      return failure == null ? "answer " + request.answer() : "failure " + failure;
    }
  }

  /** What it is compared with. */
  public static final class FirstWins {
    private @Nullable String outcome;

    private boolean settle(String value) {
      if (outcome != null) {
        return false;
      }
      outcome = value;
      return true;
    }

    public boolean reply(int answer) {
      return settle("answer " + answer);
    }

    public boolean replyNull() {
      return settle("answer null");
    }

    public boolean fail() {
      return settle("failure " + ExitReason.KILLED);
    }

    public boolean abandon() {
      return settle("failure " + ExitReason.TIMEOUT);
    }

    public String outcome() {
      return outcome == null ? "none" : outcome;
    }
  }

  @DisplayName("P17 a call has one outcome, the first")
  @Test
  void oneOutcome() {
    new ModelCheckingOptions()
        .iterations(15)
        .invocationsPerIteration(300)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(0) // they would settle it before the race
        .actorsAfter(1)
        .minimizeFailedScenario(false)
        .sequentialSpecification(FirstWins.class)
        .check(Call.class);
  }
}
