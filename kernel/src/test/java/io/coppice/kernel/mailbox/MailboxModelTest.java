package io.coppice.kernel.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations by one thread, compared with a plain queue after every step. */
class MailboxModelTest {

  private static final int SEEDS = 200;
  private static final int STEPS = 500;

  @DisplayName("By one thread a mailbox is used like an unbounded FIFO queue")
  @ParameterizedTest
  @MethodSource("queues")
  void behavesLikeAQueue(QueueKind queues, int capacity) {
    for (long seed = 0; seed < SEEDS; seed++) {
      run(queues, capacity, seed);
    }
  }

  static Stream<Arguments> queues() {
    return QueueKind.with(1, 2, 4, 16, 1024);
  }

  private static void run(QueueKind queues, int capacity, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Mailbox mailbox = new Mailbox(queues, capacity);
    Queue<Object> model = new ArrayDeque<>();
    int sends = 0;
    int offerShare = 50;
    for (int step = 0; step < STEPS; step++) {
      String where = queues + ", capacity " + capacity + ", seed " + seed + ", step " + step;
      if (random.nextInt(50) == 0) {
        offerShare = 20 + random.nextInt(61); // phases that fill, phases that drain
      }
      int dice = random.nextInt(100);
      if (dice < offerShare) {
        mailbox.offer(sends);
        model.add(sends++);
      } else if (dice < 95) {
        assertEquals(model.poll(), mailbox.poll(), where);
      } else if (model.isEmpty()) {
        mailbox.poll(); // a ring that was never polled is not known to be empty
        assertEquals(true, mailbox.releaseRing(), where);
      }
      assertEquals(model.size(), mailbox.size(), where);
      assertEquals(model.isEmpty(), mailbox.isEmpty(), where);
    }
  }
}
