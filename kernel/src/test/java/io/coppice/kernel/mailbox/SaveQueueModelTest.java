package io.coppice.kernel.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random operations, compared with a list and a position in it after every step. */
class SaveQueueModelTest {

  private static final int SEEDS = 500;
  private static final int STEPS = 500;

  /** The obvious implementation. */
  private static final class Model {
    final List<Object> messages = new ArrayList<>();
    int scanned;

    @Nullable Object poll() {
      return messages.isEmpty() ? null : remove(0);
    }

    @Nullable Object removeFirstDivisibleBy(int divisor) {
      while (scanned < messages.size()) {
        if ((Integer) messages.get(scanned++) % divisor == 0) {
          return remove(scanned - 1);
        }
      }
      return null;
    }

    private Object remove(int index) {
      if (index < scanned) {
        scanned--;
      }
      return messages.remove(index);
    }
  }

  @DisplayName("Order, content and scan position are those of a list and an index")
  @Test
  void behavesLikeAList() {
    for (long seed = 0; seed < SEEDS; seed++) {
      run(seed);
    }
  }

  private static void run(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    SaveQueue queue = new SaveQueue();
    Model model = new Model();
    int addShare = 50;
    for (int step = 0; step < STEPS; step++) {
      String where = "seed " + seed + ", step " + step;
      if (random.nextInt(40) == 0) {
        addShare = 10 + random.nextInt(71);
      }
      int dice = random.nextInt(100);
      if (dice < addShare) {
        int message = random.nextInt(1000);
        queue.add(message);
        model.messages.add(message);
      } else if (dice < 85) {
        int divisor = 1 + random.nextInt(6);
        assertEquals(
            model.removeFirstDivisibleBy(divisor),
            queue.removeFirstMatching(message -> (Integer) message % divisor == 0),
            where);
      } else if (dice < 93) {
        assertEquals(model.poll(), queue.poll(), where);
      } else {
        queue.restartScan();
        model.scanned = 0;
      }
      assertEquals(model.messages, contents(queue), where);
      assertEquals(model.messages.size(), queue.size(), where);
      assertEquals(model.messages.isEmpty(), queue.isEmpty(), where);
    }
  }

  @DisplayName("A message that a receive refused is not shown to it again; later ones are")
  @Test
  void scanGoesOn() {
    SaveQueue queue = new SaveQueue();
    queue.add("a");
    queue.add("b");
    List<Object> asked = new ArrayList<>();
    assertNull(queue.removeFirstMatching(message -> !asked.add(message)));
    queue.addScanned("c");
    queue.add("d");
    assertNull(queue.removeFirstMatching(message -> !asked.add(message)));
    assertEquals(List.of("a", "b", "d"), asked);
    queue.restartScan();
    assertNull(queue.removeFirstMatching(message -> !asked.add(message)));
    assertEquals(List.of("a", "b", "d", "a", "b", "c", "d"), asked);
  }

  @DisplayName("A message may be added while another one is judged")
  @Test
  void addWhileScanning() {
    SaveQueue queue = new SaveQueue();
    for (int i = 0; i < 4; i++) {
      queue.add(i);
    }
    assertEquals(0, queue.scanNext());
    assertEquals(1, queue.scanNext());
    queue.add(4); // the array grows
    assertEquals(1, queue.removeScanned());
    assertEquals(List.of(0, 2, 3, 4), contents(queue));
    assertEquals(2, queue.scanNext());
  }

  @DisplayName("A predicate that throws leaves the queue whole")
  @Test
  void predicateThrows() {
    SaveQueue queue = new SaveQueue();
    queue.add(1);
    queue.add(2);
    assertThrows(
        ClassCastException.class,
        () -> queue.removeFirstMatching(message -> ((String) message).isEmpty()));
    assertEquals(List.of(1, 2), contents(queue));
    assertEquals(2, queue.removeFirstMatching(message -> true));
  }

  @DisplayName("Removing what was never scanned is refused")
  @Test
  void removeWithoutScan() {
    SaveQueue queue = new SaveQueue();
    queue.add(1);
    assertThrows(IllegalStateException.class, queue::removeScanned);
    assertEquals(List.of(1), contents(queue));
  }

  private static List<Object> contents(SaveQueue queue) {
    List<Object> contents = new ArrayList<>();
    queue.forEach(contents::add);
    return contents;
  }
}
