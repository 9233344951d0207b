package io.coppice.bench.peer.jvm;

import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Row;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes samples of a peer: {@code JvmPeers PEER THREADS full|once WORKLOAD}, or {@code JvmPeers
 * PEER THREADS list}. Prints rows as Coppice's own samples do.
 */
public final class JvmPeers {
  private JvmPeers() {}

  /**
   * Takes samples.
   *
   * @param arguments see above
   * @throws Exception if a workload fails
   */
  public static void main(String... arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    try (JvmPeer peer = peer(arguments[0], threads)) {
      if (arguments[2].equals("list")) {
        peer.works.keySet().forEach(System.out::println);
        System.out.println("spawn_1m_idle_bytes");
      } else {
        boolean full = arguments[2].equals("full");
        Effort effort = full ? Effort.FULL : new Effort(1, 0, 1, 1, 1);
        for (Row row : sample(peer, arguments[3], effort, "/" + threads)) {
          System.out.println(row.line());
        }
      }
    }
    System.exit(0);
  }

  private static JvmPeer peer(String name, int threads) {
    return switch (name) {
      case "vt" -> new VirtualThreads();
      case "jox" -> new Jox();
      case "pekko" -> new Pekko(threads);
      default -> throw new IllegalArgumentException("There is no peer " + name);
    };
  }

  private static List<Row> sample(JvmPeer peer, String name, Effort effort, String tail)
      throws Exception {
    if (name.equals("spawn_1m_idle_bytes")) {
      return bytes(peer, tail);
    }
    JvmPeer.Work work = peer.works.get(name);
    if (work == null) {
      throw new IllegalArgumentException("There is no workload " + name);
    }
    long start = System.nanoTime();
    int warmUp = 0;
    while (warmUp < effort.warmUpRuns() || System.nanoTime() - start < effort.warmUpNanos()) {
      once(peer, work);
      warmUp++;
    }
    boolean slow = (System.nanoTime() - start) / Math.max(1, warmUp) > 2_000_000_000L;
    double[] micros = new double[slow ? effort.slowRuns() : effort.runs()];
    for (int i = 0; i < micros.length; i++) {
      micros[i] = once(peer, work);
    }
    return List.of(Row.of(name + tail, micros));
  }

  private static double once(JvmPeer peer, JvmPeer.Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    long stop = System.nanoTime();
    peer.settle();
    return (stop - start) / 1e3;
  }

  /** Once, in a fresh JVM. */
  private static List<Row> bytes(JvmPeer peer, String tail) throws Exception {
    int count = 1_000_000;
    Object few = peer.idle().spawn(1_000);
    collect();
    double resident = resident();
    double heap = heap();
    Object crowd = peer.idle().spawn(count);
    collect();
    List<Row> rows = new ArrayList<>();
    rows.add(Row.of("spawn_1m_idle_bytes" + tail, (resident() - resident) / count));
    rows.add(Row.of("spawn_1m_idle_bytes_heap" + tail, (heap() - heap) / count));
    JvmPeer.check(!few.equals(crowd), "they are reachable until now");
    return rows;
  }

  private static void collect() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(200);
    }
  }

  private static double heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static double resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1_024.0 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return Double.NaN;
  }
}
