package io.coppice.kernel.inspect;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.KernelFaultReport;
import io.coppice.kernel.process.LongQueueReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.TimerFailureReport;
import io.coppice.kernel.process.Watermarks;
import io.coppice.kernel.testkit.TestNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values of the user's whose {@code toString} fails do not fail what shows them. */
class UnprintableTest {
  record Unprintable(int number) {
    @Override
    public String toString() {
      throw new IllegalStateException("unprintable");
    }
  }

  @Test
  @DisplayName("P13 a message without a text to an unknown name is refused like any other")
  void unknownName() {
    try (TestNode node = TestNode.start(1)) {
      GlobalNames names = GlobalNames.start(node);
      Object message = new Unprintable(1);
      assertThrows(IllegalArgumentException.class, () -> node.send("nobody", message));
      assertThrows(IllegalArgumentException.class, () -> names.send("nobody", message));
      assertThrows(IllegalArgumentException.class, () -> names.send(message, message));
    }
  }

  @Test
  @DisplayName("a label without a text leaves all reports and dumps readable")
  void label() {
    try (TestNode node = TestNode.start(1)) {
      Pid labelled =
          node.spawn(
              self -> {
                self.receive("end"::equals);
                throw self.exit(ExitReason.of(new Unprintable(2)));
              },
              SpawnOptions.DEFAULT.label(new Unprintable(1)).watermarks(new Watermarks(2, 1)));
      node.send(labelled, new Unprintable(3));
      node.send(labelled, new Unprintable(4));
      node.runUntilIdle();
      assertTrue(node.dump(DumpOptions.DEFAULT.withDetails(true)).contains(labelled.toString()));
      node.send(labelled, "end");
      node.runUntilIdle();
      assertEquals(1, node.reports(LongQueueReport.class).size());
      assertEquals(1, node.reports(CrashReport.class).size());
      node.reports().forEach(report -> assertDoesNotThrow(report::text));
    }
  }

  @Test
  @DisplayName("an error without a text leaves the reports of it readable")
  void error() {
    Throwable error =
        new IllegalStateException() {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            throw new IllegalStateException("unprintable");
          }
        };
    List<Report> reports =
        List.of(
            new KernelFaultReport("node", "thread", error, 3),
            new TimerFailureReport("timer", error));
    for (Report report : reports) {
      assertTrue(report.text().contains("cannot be shown"), report.text());
    }
  }
}
