package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Pid;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UnstoppableReportTest {

  @Test
  @DisplayName(
      "the report of a close names a few of the processes that went on, and counts the rest")
  void namesAFew() {
    try (Node node = Node.start()) {
      Pid pid = node.spawn(self -> self.receive());
      String few = new UnstoppableReport("n", List.of(pid, pid)).text();
      assertTrue(few.contains("[" + pid + ", " + pid + "] did not end"), few);
      List<Pid> many = Stream.generate(() -> pid).limit(100_000).toList();
      String text = new UnstoppableReport("n", many).text();
      assertTrue(text.contains("and 99990 more"), text);
      assertEquals(10, text.split(pid.toString(), -1).length - 1, text);
    }
  }
}
