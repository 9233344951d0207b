package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.NameTaken;
import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Lincheck walks through interleavings of the table of names.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs it.
 */
class NameTableLincheckTest {
  private static final int INTERLEAVINGS = 1_000;

  private static boolean register(NameTable table, String name, ProcessCell cell) {
    try {
      table.register(name, cell);
      return true;
    } catch (NameTaken | IllegalArgumentException refused) {
      return false;
    }
  }

  private static boolean unregister(NameTable table, String name) {
    try {
      table.unregister(name);
      return true;
    } catch (IllegalArgumentException nobody) {
      return false;
    }
  }

  // ---- what it is without deaths: a map with two keys

  /** Two processes and two names. */
  @Param(name = "process", gen = IntGen.class, conf = "0:1")
  @Param(name = "name", gen = IntGen.class, conf = "0:1")
  public static class Table {
    private final NameTable table = new NameTable();
    private final ProcessCell[] cells = {Cells.running(0), Cells.running(1)};

    @Operation
    public boolean register(@Param(name = "name") int name, @Param(name = "process") int process) {
      return NameTableLincheckTest.register(table, "n" + name, cells[process]);
    }

    @Operation
    public boolean unregister(@Param(name = "name") int name) {
      return NameTableLincheckTest.unregister(table, "n" + name);
    }

    @Operation
    public int find(@Param(name = "name") int name) {
      ProcessCell found = table.find("n" + name);
      return found == null ? -1 : (int) found.number();
    }
  }

  /** What it is compared with. */
  public static final class TwoWayMap {
    private final Map<Integer, Integer> processes = new HashMap<>();

    public boolean register(int name, int process) {
      if (processes.containsKey(name) || processes.containsValue(process)) {
        return false;
      }
      processes.put(name, process);
      return true;
    }

    public boolean unregister(int name) {
      return processes.remove(name) != null;
    }

    public int find(int name) {
      return processes.getOrDefault(name, -1);
    }
  }

  @DisplayName("P60 one process per name and one name per process, whoever registers and removes")
  @Test
  void oneToOne() {
    new ModelCheckingOptions()
        .iterations(20)
        .invocationsPerIteration(200)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(1)
        .minimizeFailedScenario(false)
        .sequentialSpecification(TwoWayMap.class)
        .check(Table.class);
  }

  // ---- with deaths

  /** What the end of a process does to its name. */
  private static void end(NameTable table, ProcessCell cell) {
    cell.beginExit();
    table.release(cell);
    cell.markDead();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @DisplayName("P60 who is registered while it ends has no name afterwards, and the name is free")
  @Test
  void registeredWhileEnding() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          NameTable table = new NameTable();
          ProcessCell cell = Cells.running(0);
          Thread owner = Thread.ofPlatform().start(() -> end(table, cell));
          register(table, "name", cell);
          join(owner);
          assertNull(table.find("name"));
          assertNull(cell.name());
          assertTrue(register(table, "name", Cells.running(1)), "it is free");
        });
  }

  @DisplayName("P60 a name that is removed while its process ends may go to another at once")
  @Test
  void removedWhileEnding() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          NameTable table = new NameTable();
          ProcessCell first = Cells.running(0);
          ProcessCell second = Cells.running(1);
          table.register("name", first);
          Thread owner = Thread.ofPlatform().start(() -> end(table, first));
          unregister(table, "name"); // of whom there is
          boolean registered = register(table, "name", second);
          join(owner);
          @Nullable ProcessCell found = table.find("name");
          assertEquals(registered ? second : null, found);
          assertEquals(registered ? "name" : null, second.name());
          assertNull(first.name());
        });
  }
}
