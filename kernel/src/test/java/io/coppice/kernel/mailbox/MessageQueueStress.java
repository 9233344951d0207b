package io.coppice.kernel.mailbox;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A producer offers while the consumer closes the empty ring: exactly one of them succeeds. The
 * results are those of offer and close.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class MessageQueueStress {

  private MessageQueueStress() {}

  /** A ring that has gone round, so that cached and true heads differ. */
  private static MessageQueue used() {
    MessageQueue queue = StressedQueue.create(2);
    for (int i = 0; i < 5; i++) {
      queue.offer(i);
      queue.poll();
    }
    return queue;
  }

  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The offer came first.")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The closing came first.")
  @Outcome(expect = FORBIDDEN, desc = "A message in a closed ring, or neither succeeds.")
  @State
  public static class CloseIfEmpty {
    private final MessageQueue queue = used();

    @Actor
    public void producer(ZZ_Result result) {
      result.r1 = queue.offer("message");
    }

    @Actor
    public void consumer(ZZ_Result result) {
      result.r2 = queue.closeIfEmpty();
    }
  }

  /** The lesson: to look and then to drop the ring. The message would be lost. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The offer came first.")
  @Outcome(
      id = "true, true",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The ring looked empty and was dropped; the message is lost.")
  @Outcome(expect = FORBIDDEN, desc = "The ring refuses though it has room.")
  @State
  public static class OnlyLookedAt {
    private final MessageQueue queue = used();

    @Actor
    public void producer(ZZ_Result result) {
      result.r1 = queue.offer("message");
    }

    @Actor
    public void consumer(ZZ_Result result) {
      result.r2 = queue.isEmpty();
    }
  }
}
