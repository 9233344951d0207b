package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.testkit.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BelowTest {
  private static final int DEPTH = 5;

  /** Spawns the next of a chain; every second one ends at once. */
  private static void chain(Context self, int depth, List<Pid> all) {
    if (depth < DEPTH) {
      all.add(self.node().spawn(in -> chain(in, depth + 1, all)));
    }
    if (depth % 2 == 0) {
      self.receive();
    }
  }

  @Test
  @DisplayName("a process is below whom it was spawned by, also if those between have ended")
  void chains() {
    TestNode.forSeeds(
        20,
        node -> {
          List<Pid> chain = new ArrayList<>();
          chain.add(node.spawn(in -> chain(in, 0, chain)));
          node.runUntilIdle();
          assertEquals(DEPTH + 1, chain.size());
          Pid top = chain.getFirst();
          for (Pid each : chain.subList(1, chain.size())) {
            assertTrue(node.isBelow(each, top) || !node.isAlive(each), each::toString);
            assertFalse(node.isBelow(top, each), each::toString);
          }
          assertTrue(node.isBelow(chain.get(4), chain.get(2)));
          assertFalse(node.isBelow(top, top));
          Pid stranger = node.spawn(in -> in.receive());
          assertFalse(node.isBelow(stranger, top));
          Pid[] root = new Pid[1];
          node.run(self -> root[0] = self.ancestors().getLast());
          assertTrue(node.isBelow(stranger, root[0]));
          assertFalse(node.isBelow(root[0], root[0]));
        });
  }

  @Test
  @DisplayName("a process of another node is refused")
  void otherNode() {
    try (TestNode one = TestNode.start(1);
        TestNode other = TestNode.start(2)) {
      Pid here = one.spawn(in -> in.receive());
      Pid there = other.spawn(in -> in.receive());
      assertThrows(IllegalArgumentException.class, () -> one.isBelow(here, there));
      assertThrows(IllegalArgumentException.class, () -> one.isBelow(there, here));
    }
  }
}
