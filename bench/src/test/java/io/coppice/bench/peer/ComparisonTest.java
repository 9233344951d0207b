package io.coppice.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Row;
import io.coppice.bench.suite.Suite;
import io.coppice.bench.suite.Workload;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ComparisonTest {
  private static Row row(String name, double median) {
    return new Row(name, median, median / 2, median * 2, 15);
  }

  private static Comparison comparison() {
    Comparison comparison = new Comparison();
    comparison.add(Comparison.COPPICE, row("big/1", 50));
    comparison.add(Comparison.COPPICE, row("big/2", 40));
    comparison.add(Comparison.COPPICE, row("big_blocking/1", 400));
    comparison.add("tokio 1 & 2", row("big/1", 100));
    comparison.add("tokio 1 & 2", row("big@burst/2", 80));
    comparison.add("tokio 1 & 2", row("big@burst/2", 90));
    comparison.add("tokio 1 & 2", row("big@burst/2", 70));
    return comparison;
  }

  @Test
  @DisplayName("Each row of Coppice at its best stands beside each peer at its best")
  void best() {
    List<Comparison.Line> lines = comparison().lines();
    assertEquals(
        List.of("big", "big_blocking"), lines.stream().map(Comparison.Line::name).toList());
    assertEquals(40, lines.getFirst().coppice().median());
    Comparison.Best peer = lines.getFirst().peers().getFirst();
    assertEquals("big_burst/2", peer.row().name());
    assertEquals(80, peer.row().median(), "the median of three medians");
    assertEquals(0.5, lines.getFirst().ratio(peer));
    assertEquals(5, lines.getLast().ratio(peer));
  }

  @Test
  @DisplayName("Coppice without flags is no peer: a table sets it beside itself, threads and Pekko")
  void withoutFlags() {
    Comparison comparison = comparison();
    assertTrue(WithoutFlags.table(comparison).isEmpty());
    comparison.add("virtual threads 25", row("big/2", 160));
    comparison.add(Comparison.PLAIN, row("big/1", 90));
    comparison.add(Comparison.PLAIN, row("big/2", 80));
    comparison.add(Comparison.PLAIN, row("big_blocking/1", 200));
    assertEquals(List.of("tokio 1 & 2", "virtual threads 25"), comparison.peers());
    assertEquals(40, comparison.lines().getFirst().coppice().median());
    String table = WithoutFlags.table(comparison).orElseThrow();
    String big = "| big | 80.0 (40.0)/2 | 40.0 (20.0)/2 **2.00** | 160 (80.0)/2 **0.50** |";
    assertTrue(table.contains(big), table);
    assertTrue(table.contains("| big_blocking | 200 (100)/1 | 400 (200)/1 **0.50** |"), table);
    assertEquals(3, comparison.ofCoppice().rows().size(), "a baseline has none of them");
  }

  @Test
  @DisplayName("A variant is compared with its own workload: another amount of work is another one")
  void workloads() {
    assertEquals("gen_server_call", Comparison.workload("gen_server_call_blocking_no_timeout"));
    assertEquals(
        "mpsc_contention_bounded", Comparison.workload("mpsc_contention_bounded@recv_many"));
    assertEquals(
        "timers_start_cancel_all_live", Comparison.workload("timers_start_cancel@all_live"));
    assertEquals("yield_in_hot_loop_pair", Comparison.workload("yield_in_hot_loop_pair_blocking"));
    assertEquals("many_timers_spawn", Comparison.workload("many_timers_blocking_spawn"));
    assertEquals("supervisor_restart", Comparison.workload("supervisor_restart_self"));
    assertEquals("selective_receive_scan", Comparison.workload("selective_receive_scan"));
    assertEquals("selective_receive", Comparison.workload("selective_receive_incl_queueing"));
    assertEquals("supervisor_restart_1k", Comparison.workload("supervisor_restart_1k"));
    assertEquals("spawn_1m_idle_bytes", Comparison.workload("spawn_1m_idle_hibernated_bytes"));
    assertEquals(
        "spawn_1m_idle_bytes_heap", Comparison.workload("spawn_1m_idle_blocking_bytes_heap"));
    for (Workload workload : Suite.all()) {
      String name = workload.name().replace("_blocking", "");
      assertTrue(name.startsWith(Comparison.workload(workload.name())), workload::name);
    }
  }

  @Test
  @DisplayName("Samples that were saved give the same table when they are loaded")
  void saved(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("samples.tsv");
    comparison().save(file);
    Comparison loaded = new Comparison();
    loaded.load(file);
    assertEquals(comparison().table(), loaded.table());
    assertTrue(loaded.table().contains("| big | 40.0 (20.0)/2 | 80.0 (35.0)/2 **0.50** |"));
  }

  @Test
  @DisplayName("The chart is well-formed, with a dot for each peer of each row")
  void chart() throws Exception {
    String svg = Chart.svg(comparison());
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
    assertEquals(2, svg.split("<title>", -1).length - 1);
    assertTrue(svg.contains("2.00 times as long"), svg);
  }

  @Test
  @DisplayName("The peers on the JVM are there, say what they do, and do it")
  void jvmPeers() throws Exception {
    for (String name : List.of("vt", "jox", "pekko")) {
      Peers.Setup setup = Objects.requireNonNull(Peers.all().get(name));
      Peer peer = setup.peer(Effort.TRIAL);
      assertTrue(peer.workloads().contains("gen_server_call"), () -> name + peer.workloads());
      assertEquals("chained_spawn/1", peer.sample("chained_spawn", 1).getFirst().name());
    }
  }
}
