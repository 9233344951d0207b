package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
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
}
