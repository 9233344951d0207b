package io.coppice.behaviours.registry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry on real schedulers, with threads outside that spawn, kill and look. */
class RegistryStressTest {
  private static final int KEYS = 8;
  private static final int LIVES = 6_000; // of processes, which takes less than a second
  private static final int THREADS = 3;

  private final AtomicReferenceArray<@Nullable Pid> owners = new AtomicReferenceArray<>(KEYS);
  private final AtomicInteger owned = new AtomicInteger();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  /** Registers, says so, and ends in one way or another. */
  private void live(Registry<Integer, Integer> registry, Context self) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < 3; i++) {
      int key = random.nextInt(KEYS);
      if (registry.register(self, key, key) instanceof RegisterResult.Ok) {
        owned.incrementAndGet();
        Pid before = owners.getAndSet(key, self.pid());
        if (before != null && !self.hasEnded(before)) {
          wrong.add(key + " belongs to " + self.pid() + " and to " + before);
        }
        if (random.nextBoolean()) {
          owners.compareAndSet(key, self.pid(), null);
          registry.unregister(self, key);
        }
      }
    }
    if (random.nextInt(4) == 0) {
      throw self.exit(ExitReason.SHUTDOWN);
    }
  }

  private void outside(Node node, Registry<Integer, Integer> registry) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < LIVES / THREADS; i++) {
      Pid pid = node.spawn(self -> live(registry, self));
      if (random.nextInt(3) == 0) {
        node.exit(pid, ExitReason.KILL);
        registerTheDying(registry, pid, random.nextInt(KEYS));
      }
      for (Registration<Integer, Integer> found : registry.lookup(random.nextInt(KEYS))) {
        if (!found.key().equals(found.value())) {
          wrong.add(found.toString());
        }
      }
      if (i % 64 == 0 && !node.isAlive(pid) && !registry.keys(pid).isEmpty()) {
        wrong.add(pid + " has ended and has keys");
      }
    }
  }

  /** Races with its end: whichever comes first, nothing is left. */
  private void registerTheDying(Registry<Integer, Integer> registry, Pid pid, int key) {
    try {
      if (registry.names(key).registerName(key, pid)) {
        owned.incrementAndGet();
      }
    } catch (IllegalArgumentException ended) {
      return; // which is right
    }
  }

  @Test
  @DisplayName("RG2 RG3 a unique key never belongs to two at once, and the dead leave nothing")
  @Timeout(60)
  void stress() throws InterruptedException {
    Registry<Integer, Integer> registry =
        Registry.unique("reg", RegistryOptions.DEFAULT.partitions(2));
    try (Node node = Node.start()) {
      registry.start(node);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        threads.add(Thread.ofPlatform().start(() -> outside(node, registry)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      await().until(() -> registry.count() == 0 && registry.processCount() == 0);
      assertEquals(List.of(), List.copyOf(wrong));
      assertTrue(owned.get() > LIVES / 10, () -> owned + " registrations");
    }
  }
}
