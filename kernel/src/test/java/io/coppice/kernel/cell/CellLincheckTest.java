package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.kernel.cell.StateWord.Leave;
import io.coppice.kernel.cell.StateWord.Notify;
import io.coppice.kernel.process.ExitReason;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Lincheck walks through interleavings of the state word and of a call's outcome.
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
