package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of processes beside a naive one. */
class ProcessTableTest {
  private static final int FEW = 16; // a chunk for each shard

  private final ProcessTable table = new ProcessTable();
  private final List<ProcessCell> model = new ArrayList<>();
  private long lastNumber;
  private int added;
  private int removed;

  @ParameterizedTest(name = "of growth {0} in 100, it holds what was added and not taken out")
  @ValueSource(ints = {30, 50, 70})
  void holdsWhatIsIn(int growth) {
    Random random = new Random(growth);
    for (int step = 0; step < 20_000; step++) {
      if (model.isEmpty() || random.nextInt(100) < growth) {
        add();
      } else {
        remove(random.nextInt(model.size()), random.nextInt(10) == 0);
      }
      assertEquals(model.size(), table.count());
      if (step % 1_000 == 0) {
        assertHoldsModel();
      }
    }
    assertHoldsModel();
    assertEquals(added, table.added());
    assertEquals(removed, table.removed());
  }

  @Test
  @DisplayName("what is taken out twice counts once")
  void takenOutOnce() {
    ProcessCell cell = add();
    assertTrue(table.remove(cell));
    assertFalse(table.remove(cell));
    assertEquals(0, table.count());
    assertEquals(1, table.removed());
  }

  @Test
  @DisplayName("it keeps no room for processes that have ended, whatever the order of their ends")
  void keepsNoRoom() {
    Random random = new Random(7);
    for (int i = 0; i < 50_000; i++) {
      add();
    }
    while (!model.isEmpty()) {
      remove(random.nextInt(model.size()), false);
    }
    assertTrue(table.chunks() <= FEW, () -> table.chunks() + " chunks");
  }

  @Test
  @DisplayName("places that have become free are used again while few processes of their time live")
  void usesPlacesAgain() {
    for (int i = 0; i < 32_000; i++) {
      add();
    }
    for (int i = model.size() - 1; i >= 0; i--) {
      if (i / 16 % 8 != 0) {
        remove(i, false);
      }
    }
    int chunks = table.chunks();
    for (int i = 0; i < 20_000; i++) {
      add();
    }
    assertEquals(chunks, table.chunks());
  }

  @Test
  @DisplayName("it forgets nobody and takes no more room, however often processes come and go")
  void waves() {
    Random random = new Random(3);
    for (int wave = 0; wave < 8; wave++) {
      while (model.size() < 20_000) {
        add();
      }
      assertHoldsModel();
      assertTrue(table.chunks() < 20_000 / 64 + 3 * FEW, () -> table.chunks() + " chunks");
      int kept = wave % 2 == 0 ? 500 : 20;
      while (model.size() > kept) {
        remove(random.nextInt(model.size()), false);
      }
      assertHoldsModel();
    }
  }

  private ProcessCell add() {
    ProcessCell cell = Cells.running(++lastNumber);
    table.add(cell);
    model.add(cell);
    added++;
    return cell;
  }

  private void remove(int index, boolean forget) {
    ProcessCell cell = model.get(index);
    model.set(index, model.getLast());
    model.removeLast();
    if (forget) {
      table.withdraw(cell);
      added--;
    } else {
      assertTrue(table.remove(cell));
      removed++;
    }
  }

  private void assertHoldsModel() {
    List<ProcessCell> snapshot = table.snapshot();
    assertEquals(model.size(), snapshot.size());
    assertEquals(new HashSet<>(model), new HashSet<>(snapshot));
  }
}
