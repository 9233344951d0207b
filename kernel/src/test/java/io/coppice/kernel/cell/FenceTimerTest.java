package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.SpawnOptions;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FenceTimerTest {
  private static StackTraceElement frame(String type) {
    return new StackTraceElement(type, "method", null, -1);
  }

  @ParameterizedTest
  @CsvSource({
    "java.lang.invoke.VarHandleInts io.coppice.kernel.cell.StateWord app.Shop, true",
    "io.coppice.kernel.mailbox.Mailbox io.coppice.kernel.cell.InboundCell app.Shop, true",
    "org.agrona.concurrent.Queue io.coppice.kernel.mailbox.Mailbox app.Shop, true",
    "app.Shop io.coppice.kernel.cell.ProcessCell io.coppice.kernel.scheduler.Runner, false",
    "java.lang.Thread app.Predicate io.coppice.kernel.cell.WaitingCell app.Shop, false",
    "java.lang.Thread, false"
  })
  @DisplayName(
      "an operation is under way if the innermost frame that is not the JDK's is the kernel's")
  void innermost(String types, boolean expected) {
    StackTraceElement[] stack =
        Stream.of(types.split(" ")).map(FenceTimerTest::frame).toArray(StackTraceElement[]::new);
    assertEquals(expected, FenceTimer.isInOperation(stack));
  }

  @Test
  @DisplayName("a process is cut off when there is memory for it, if there was none at first")
  void again() {
    SilentDispatcher dispatcher = new SilentDispatcher();
    Kernel kernel =
        new Kernel(new KernelConfig("test", 1, 16, 1_000_000, report -> {}), dispatcher);
    ProcessCell busy = new ProcessCell(kernel, 1, null, self -> {}, null, SpawnOptions.DEFAULT);
    busy.beginTurn();
    busy.releaseToken();
    Thread idle = new Thread(() -> {}); // in no operation of the kernel
    busy.setHostRelease(new StillHost(() -> idle));
    busy.deliverSignal(new ExitSignal(kernel.root(), ExitReason.KILL, null));
    assertTrue(busy.isDying());
    dispatcher.failOnce();
    dispatcher.advance(2_000_000);
    assertFalse(busy.isFenced(), "it was to have no memory");
    dispatcher.advance(2_000_000);
    assertTrue(busy.hasEnded());
    assertEquals(1, kernel.zombieCount());
  }
}
