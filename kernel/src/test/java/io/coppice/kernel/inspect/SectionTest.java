package io.coppice.kernel.inspect;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.WaitReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is to be seen of a process whose code runs elsewhere for it. */
class SectionTest {
  private final AtomicBoolean stop = new AtomicBoolean();
  private final CountDownLatch running = new CountDownLatch(1);
  private final Node node =
      Node.start(NodeOptions.DEFAULT.withSchedulers(1).withReporter(report -> {}));

  @AfterEach
  void close() {
    stop.set(true);
    node.close();
  }

  private Object worksHere() {
    running.countDown();
    while (!stop.get()) {
      Thread.onSpinWait();
    }
    return "done";
  }

  private void assertShowsSection(Pid pid, WaitReason reason, String words) throws Exception {
    assertTrue(running.await(20, SECONDS));
    ProcessInfo info = node.info(pid).orElseThrow();
    assertEquals(ProcessStatus.WAITING, info.status());
    assertEquals(reason, info.waitReason());
    assertNotNull(info.waiting().lasted());
    assertTrue(info.stack().toString().contains("SectionTest.worksHere("), info.stack()::toString);
    String dump = node.dump();
    String lines =
        " 'w' a worker: " + words + ", [^\n]* so far; 0 handled\n *at [^\n]*SectionTest.";
    assertTrue(dump.matches("(?s).*" + lines + "worksHere.*"), dump);
    CallFailed late =
        assertThrows(CallFailed.class, () -> node.call(pid, "?", Duration.ofMillis(10)));
    String text = String.valueOf(late.getMessage());
    assertTrue(text.contains(words) && text.contains("SectionTest.worksHere("), text);
  }

  @Test
  @DisplayName("the stack of a process in a blocking section is that of the section's code")
  void blocking() throws Exception {
    Pid pid = node.spawn(self -> self.blocking(this::worksHere), named());
    assertShowsSection(pid, WaitReason.BLOCKING_SECTION, "in a blocking section");
  }

  @Test
  @DisplayName("the stack of a process that computes elsewhere is that of the computation")
  void computation() throws Exception {
    Pid pid = node.spawn(self -> self.cpuBound(this::worksHere), named());
    assertShowsSection(pid, WaitReason.COMPUTATION, "in a computation beside the schedulers");
  }

  @Test
  @DisplayName("after a section, and after one that threw, a process shows what it does then")
  void afterwards() throws Exception {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    Pid pid =
        node.spawn(
            self -> {
              self.blocking(() -> "done");
              assertThrows(
                  IllegalStateException.class,
                  () ->
                      self.cpuBound(
                          () -> {
                            throw new IllegalStateException("on purpose");
                          }));
              over.complete(true);
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
    assertTrue(over.get(20, SECONDS));
    ProcessInfo info = node.info(pid).orElseThrow();
    assertEquals(ProcessStatus.RUNNING, info.status());
    assertFalse(info.isInSection());
    assertTrue(info.stack().toString().contains("SectionTest.lambda"), info.stack()::toString);
  }

  private static SpawnOptions named() {
    return SpawnOptions.DEFAULT.name("w").initialCall("a worker");
  }
}
