package io.coppice.bench.peer.jvm;

import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Row;
import io.coppice.bench.suite.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes samples of a peer: {@code JvmPeers PEER THREADS EFFORT WORKLOAD}, or {@code JvmPeers PEER
 * THREADS list}. Prints rows as Coppice's own samples do.
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
    try (JvmPeer peer = peer(arguments[0], threads, arguments[arguments.length - 1])) {
      if (arguments[2].equals("list")) {
        peer.works.keySet().forEach(System.out::println);
        System.out.println("spawn_1m_idle_bytes");
      } else {
        Effort effort = Effort.valueOf(arguments[2].toUpperCase(Locale.ROOT));
        for (Row row : sample(peer, arguments[3], effort, "/" + threads)) {
          System.out.println(row.line());
        }
      }
    }
    System.exit(0);
  }

  private static JvmPeer peer(String name, int threads, String workload) {
    return switch (name) {
      case "vt" -> new VirtualThreads();
      case "jox" -> new Jox();
      case "pekko" -> new Pekko(threads, workload.endsWith(Pekko.OTHER) ? 100 : 5);
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
    List<Double> micros = effort.measure(() -> once(peer, work));
    double[] all = micros.stream().mapToDouble(Double::doubleValue).toArray();
    return List.of(Row.of(name + tail, all));
  }

  private static double once(JvmPeer peer, JvmPeer.Work work) throws Exception {
    peer.startClock();
    work.run();
    double micros = peer.micros();
    peer.settle();
    return micros;
  }

  /** Once, in a fresh JVM. */
  private static List<Row> bytes(JvmPeer peer, String tail) throws Exception {
    int count = 1_000_000;
    Object few = peer.idle().spawn(1_000);
    collect();
    double resident = Memory.resident();
    double heap = Memory.heap();
    Object crowd = peer.idle().spawn(count);
    collect();
    List<Row> rows = new ArrayList<>();
    rows.add(Row.of("spawn_1m_idle_bytes" + tail, (Memory.resident() - resident) / count));
    rows.add(Row.of("spawn_1m_idle_bytes_heap" + tail, (Memory.heap() - heap) / count));
    JvmPeer.check(!few.equals(crowd), "they are reachable until now");
    return rows;
  }

  private static void collect() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(200);
    }
  }
}
