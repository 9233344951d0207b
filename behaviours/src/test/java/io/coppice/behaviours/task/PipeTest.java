package io.coppice.behaviours.task;

import static io.coppice.behaviours.task.TaskBed.SOON;
import static io.coppice.behaviours.task.TaskBed.expectNothingAtAll;
import static io.coppice.behaviours.task.TaskBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MailboxFull;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Overflow;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.testkit.TestNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Futures as messages. */
class PipeTest {
  /** What the future gave. */
  private record Price(int cents) {}

  /** Why it gave nothing. */
  private record NoPrice(String why) {}

  @Test
  @DisplayName("a future's result comes as a message, its failure as another, each once")
  void successAndFailure() {
    inProcess(
        self -> {
          // @start region="pipe"
          CompletableFuture<Integer> price = new CompletableFuture<>();
          Pipe.toSelf(self, price, Price::new, failure -> new NoPrice(failure.toString()));
          price.complete(42); // by whomever
          Object message = self.receive(); // or in onMessage, or handleInfo
          assertEquals(new Price(42), message);
          // @end
          CompletableFuture<Integer> none = new CompletableFuture<>();
          Pipe.toSelf(
              self,
              none.thenApply(cents -> cents * 2),
              Price::new,
              failure -> new NoPrice(failure.toString()));
          none.completeExceptionally(new IllegalStateException("closed"));
          assertEquals(
              new NoPrice("java.lang.IllegalStateException: closed"),
              self.receive(SOON).orElseThrow());
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("a message of the result that cannot be made is a failure")
  void badMapping() {
    inProcess(
        self -> {
          CompletableFuture<Integer> price = CompletableFuture.completedFuture(0);
          Pipe.toSelf(self, price, cents -> new Price(1 / cents), failure -> failure.toString());
          assertEquals(
              "java.lang.ArithmeticException: / by zero", self.receive(SOON).orElseThrow());
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("what cannot be delivered because the process has ended counts as undelivered")
  void deadProcess() {
    try (TestNode node = TestNode.start(1)) {
      CompletableFuture<Integer> price = new CompletableFuture<>();
      node.run(self -> Pipe.toSelf(self, price, Price::new, failure -> failure));
      long before = node.counters().undelivered(Undelivered.DEAD_PROCESS);
      price.complete(1);
      assertEquals(before + 1, node.counters().undelivered(Undelivered.DEAD_PROCESS));
      assertEquals(List.of(), node.reports(PipeBroken.class));
    }
  }

  @Test
  @DisplayName("a message that no function can make, or a full mailbox refuses, is reported")
  void broken() {
    try (TestNode node = TestNode.start(1)) {
      CompletableFuture<Integer> price = new CompletableFuture<>();
      node.run(
          self ->
              Pipe.toSelf(
                  self,
                  price,
                  cents -> new Price(1 / cents),
                  failure -> {
                    throw new IllegalStateException("nothing to say");
                  }));
      price.complete(0);
      PipeBroken unmade = node.reports(PipeBroken.class).getFirst();
      assertTrue(unmade.text().contains("nothing to say"), unmade::text);

      CompletableFuture<Integer> other = new CompletableFuture<>();
      Pid full =
          node.spawn(
              self -> {
                Pipe.toSelf(self, other, Price::new, failure -> failure);
                self.sleep(SOON);
              },
              SpawnOptions.DEFAULT.mailboxLimit(MailboxLimit.of(1, Overflow.FAIL_SEND)));
      node.runUntilIdle();
      node.send(full, "the only one that fits");
      other.complete(1);
      PipeBroken refused = node.reports(PipeBroken.class).getLast();
      assertSame(MailboxFull.class, refused.error().getClass());
      assertEquals(full, refused.process());
    }
  }

  @Test
  @DisplayName("a future that is completed by a process being killed is told of nonetheless")
  void completedByDying() throws Exception {
    try (Node node = Node.start()) {
      CompletableFuture<Integer> price = new CompletableFuture<>();
      CountDownLatch piped = new CountDownLatch(1);
      CompletableFuture<Object> heard = new CompletableFuture<>();
      node.spawn(
          self -> {
            Pipe.toSelf(self, price, Price::new, failure -> failure);
            piped.countDown();
            heard.complete(self.receive());
          });
      assertTrue(piped.await(20, TimeUnit.SECONDS));
      node.spawn(
          self -> {
            try {
              self.exit(self.pid(), ExitReason.KILL);
              self.sleep(SOON);
            } finally {
              price.complete(7);
            }
          });
      assertEquals(new Price(7), heard.get(20, TimeUnit.SECONDS));
    }
  }
}
