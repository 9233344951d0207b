package io.coppice.bench.micro;

import io.coppice.kernel.mailbox.AgronaQueue;
import io.coppice.kernel.mailbox.Mailbox;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** One message in and out: through the first slot, through the ring, and spilled. */
@State(Scope.Thread)
public class MailboxBenchmark extends Nanoseconds {
  private static final int BURST = 16;
  private static final int FLOOD = 256;
  private final Mailbox mailbox = new Mailbox(AgronaQueue::new, BURST);
  private final Object message = new Object();

  /**
   * A mailbox that is never more than one message long.
   *
   * @return the message
   */
  @Benchmark
  public @Nullable Object oneByOne() {
    mailbox.offer(message);
    return mailbox.poll();
  }

  /**
   * As many as the ring holds.
   *
   * @param hole takes the messages
   */
  @Benchmark
  @OperationsPerInvocation(BURST)
  public void burst(Blackhole hole) {
    exchange(BURST, hole);
  }

  /**
   * More than the ring holds.
   *
   * @param hole takes the messages
   */
  @Benchmark
  @OperationsPerInvocation(FLOOD)
  public void spilling(Blackhole hole) {
    exchange(FLOOD, hole);
  }

  private void exchange(int count, Blackhole hole) {
    for (int i = 0; i < count; i++) {
      mailbox.offer(message);
    }
    for (int i = 0; i < count; i++) {
      hole.consume(mailbox.poll());
    }
  }
}
