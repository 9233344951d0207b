package io.coppice.examples.logs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.pool.JobFailed;
import io.coppice.behaviours.pool.WorkerPool;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.examples.logs.LogCounter.Count;
import io.coppice.examples.logs.LogCounter.Message;
import io.coppice.examples.logs.Summary.Lost;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import io.coppice.supervisor.Supervisor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCounterTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int CHUNK = 16 * 1024;

  @TempDir Path folder;
  private final List<Report> reports = new CopyOnWriteArrayList<>();

  private Node node() {
    return Node.start(NodeOptions.DEFAULT.withReporter(reports::add));
  }

  private static ServerRef<Message> start(Node node, Supervisor tree) {
    tree.start(node);
    return ServerRef.named(node, "log");
  }

  /** What a plain loop finds in the lines whose beginnings are wanted. */
  private static Totals expected(Path file, LongPredicate wanted) throws IOException {
    Totals totals = Totals.NONE;
    long from = 0;
    for (String line : Files.readAllLines(file)) {
      totals = wanted.test(from) ? totals.plus(Totals.of(line)) : totals;
      from += line.length() + 1;
    }
    return totals;
  }

  private static boolean isIn(Chunk chunk, long at) {
    return at >= chunk.from() && at < chunk.from() + chunk.length();
  }

  private long crashes(Object label) {
    return reports.stream()
        .filter(report -> report instanceof CrashReport crash && label.equals(crash.label()))
        .count();
  }

  @Test
  @DisplayName("a chunk that crashes its task is reported and left out; all others are counted")
  void poisoned() throws Exception {
    Path file = AccessLog.write(folder.resolve("access.log"), 20_000);
    long poison = Files.readString(file).indexOf(AccessLog.BROKEN + "\n");
    try (Node node = node()) {
      Supervisor tree = LogCounter.tree(new Reader(file), () -> Chunk.of(file, CHUNK));
      ServerRef<Message> log = start(node, tree);
      Pid counter = log.whereis().orElseThrow();
      Summary summary = log.call(new Count(), LONG);
      Lost lost = summary.lost().getFirst();
      assertEquals(1, summary.lost().size());
      assertTrue(isIn(lost.chunk(), poison), lost::toString);
      Throwable error = assertInstanceOf(ExitReason.Crashed.class, lost.reason()).error();
      assertEquals("no line of an access log: " + AccessLog.BROKEN, error.getMessage());
      assertEquals(expected(file, at -> !isIn(lost.chunk(), at)), summary.totals());
      assertTrue(summary.totals().requests() > 19_000, summary::toString);
      await().atMost(LONG).until(() -> crashes(lost.chunk()) == 1);

      assertEquals(summary.totals(), log.call(new Count(), LONG).totals());
      assertEquals(counter, log.whereis().orElseThrow(), "the tree goes on");
    }
  }

  @Test
  @DisplayName("a reader that crashes fails its chunk only, and is started again")
  void cutShort() throws Exception {
    Path file = AccessLog.write(folder.resolve("access.log"), 999);
    Files.writeString(file, Files.readString(file).replace(AccessLog.BROKEN + "\n", ""));
    Chunk beyond = new Chunk(Files.size(file) + 10, CHUNK);
    try (Node node = node()) {
      Reader reader = new Reader(file);
      WorkerPool<Chunk, String> readers = WorkerPool.of("readers", 1, () -> reader);
      Supervisor tree =
          LogCounter.tree(readers, () -> Stream.concat(Stream.of(beyond), Chunk.of(file, CHUNK)));
      Summary summary = start(node, tree).call(new Count(), LONG);
      Lost lost = summary.lost().getFirst();
      assertEquals(1, summary.lost().size());
      assertEquals(beyond, lost.chunk());
      Throwable error = assertInstanceOf(ExitReason.Crashed.class, lost.reason()).error();
      ExitReason why = assertInstanceOf(JobFailed.class, error).reason();
      assertInstanceOf(EOFException.class, ((ExitReason.Crashed) why).error());
      assertEquals(expected(file, at -> true), summary.totals());
      assertEquals(1, readers.stats().failed());
    }
  }

  @Test
  @DisplayName("no more chunks are taken than may be under way while none of them gets done")
  void backPressure() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch reading = new CountDownLatch(2);
    WorkerPool<Chunk, String> readers =
        WorkerPool.of(
            "readers",
            2,
            () ->
                (self, chunk) -> {
                  reading.countDown();
                  gate.await();
                  return "GET / 200 1";
                });
    Stream<Chunk> source =
        Stream.iterate(0, i -> i + 1)
            .limit(500)
            .map(i -> new Chunk(i, 1))
            .peek(chunk -> taken.incrementAndGet());
    try (Node node = node()) {
      ServerRef<Message> log = start(node, LogCounter.tree(readers, () -> source));
      CompletableFuture<Summary> summary = log.request(new Count());
      assertTrue(reading.await(20, SECONDS));
      await().atMost(LONG).until(() -> taken.get() == LogCounter.UNDER_WAY);
      assertFalse(summary.isDone());
      assertEquals(LogCounter.UNDER_WAY, taken.get(), "of 500");
      gate.countDown();
      assertEquals(500, summary.get(20, SECONDS).totals().requests());
    }
  }

  @Test
  @DisplayName("however a file is cut, each line is in exactly one chunk")
  void anyCut() throws Exception {
    Path file = folder.resolve("small.log");
    Files.writeString(file, "GET / 200 1\n\nGET /a 404 20\nGET /b 200 300\nlast 500 4000");
    List<String> lines = Files.readAllLines(file);
    Reader reader = new Reader(file);
    for (int length = 1; length <= Files.size(file) + 1; length++) {
      StringBuilder text = new StringBuilder();
      for (Chunk chunk : Chunk.of(file, length).toList()) {
        String part = reader.lines(chunk);
        text.append(part).append(part.isEmpty() || part.endsWith("\n") ? "" : "\n");
      }
      assertEquals(lines, text.toString().lines().toList(), "in chunks of " + length);
    }
  }
}
