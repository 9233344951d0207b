package io.coppice.bench.micro;

import io.coppice.kernel.mailbox.AgronaQueue;
import io.coppice.kernel.mailbox.GrowingQueue;
import io.coppice.kernel.mailbox.Mailbox;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** One message in and out: through the first slot, through the ring, and spilled. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // set up before each trial
public class MailboxBenchmark extends Nanoseconds {
  private static final int BURST = 16;
  private static final int FLOOD = 256;
  private final Object message = new Object();
  private Mailbox mailbox;

  /** The ring: {@code agrona}, or {@code plain}, which needs no JVM flag. */
  @Param({"agrona", "plain"})
  public String queue;

  /** Makes the mailbox. */
  @Setup
  public void prepare() {
    mailbox =
        switch (queue) {
          case "agrona" -> new Mailbox(AgronaQueue::new, BURST);
          case "plain" -> new Mailbox(GrowingQueue::new, BURST);
          default -> throw new IllegalArgumentException("queue=" + queue + ", not agrona or plain");
        };
  }

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
   * As many as the ring holds at first.
   *
   * @param hole takes the messages
   */
  @Benchmark
  @OperationsPerInvocation(BURST)
  public void burst(Blackhole hole) {
    exchange(BURST, hole);
  }

  /**
   * More than the ring holds, unless it grows.
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
