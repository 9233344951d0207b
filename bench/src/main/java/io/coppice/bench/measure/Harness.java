package io.coppice.bench.measure;

import io.coppice.bench.suite.Boom;
import io.coppice.bench.suite.Run;
import io.coppice.bench.suite.Workload;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A node on which workloads are run, one run after another. Each run has a driver process of its
 * own, which takes the time; the next run starts when every process and timer of the last is gone.
 */
public final class Harness implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private final Knobs knobs;
  private final Duration patience;
  private final Node node;
  private volatile @Nullable Report lastReport;
  private volatile @Nullable IllegalStateException crashed;
  private volatile CompletableFuture<Run> running = new CompletableFuture<>();

  /**
   * Starts the node.
   *
   * @param knobs how
   */
  public Harness(Knobs knobs) {
    this(knobs, PATIENCE);
  }

  /**
   * Starts the node.
   *
   * @param knobs how
   * @param patience how long a run may take, and what it leaves behind may stay
   */
  public Harness(Knobs knobs, Duration patience) {
    this.knobs = knobs;
    this.patience = patience;
    this.node = Node.start(knobs.options(this::reported));
  }

  /** A process that fails, and was not meant to, ends the run: others may wait for it for ever. */
  private void reported(Report report) {
    lastReport = report;
    if (report instanceof CrashReport crash
        && !(crash.reason() instanceof ExitReason.Crashed(Boom _))) {
      IllegalStateException failure =
          new IllegalStateException("A process of the run failed: " + crash.reason().describe());
      crashed = failure;
      running.completeExceptionally(failure);
    }
  }

  /**
   * Measures a workload.
   *
   * @param workload which
   * @param effort how long
   * @return its row, and those of its parts
   * @throws InterruptedException if the thread is interrupted
   */
  public List<Row> measure(Workload workload, Effort effort) throws InterruptedException {
    if (workload.kind() == Workload.Kind.GAUGE) {
      return rows(workload, effort, List.of(once(workload, effort.divisor())));
    }
    List<Run> runs = effort.measure(() -> once(workload, effort.divisor()));
    return rows(workload, effort, runs);
  }

  /** The rows of reduced work are marked, so that nobody takes them for results. */
  private List<Row> rows(Workload workload, Effort effort, List<Run> runs) {
    String tail = "/" + knobs.schedulers() + (effort.isWhole() ? "" : "@quick");
    Map<String, double[]> values = new LinkedHashMap<>();
    if (workload.kind() == Workload.Kind.TIME) {
      values.put("", runs.stream().mapToDouble(Run::micros).toArray());
    }
    for (String part : runs.getFirst().parts().keySet()) {
      values.put(part, runs.stream().mapToDouble(run -> run.parts().get(part)).toArray());
    }
    List<Row> rows = new ArrayList<>();
    values.forEach((part, all) -> rows.add(Row.of(workload.name() + part + tail, all)));
    return rows;
  }

  /**
   * Runs a workload once.
   *
   * @param workload which
   * @param divisor of the sizes
   * @return what was measured
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalStateException if its result is wrong, a process fails that should not, a
   *     message reaches nobody, it does not end, or it leaves processes or timers behind
   */
  public Run once(Workload workload, int divisor) throws InterruptedException {
    Run run = new Run(divisor, knobs.schedulers(), node::extraSchedulers);
    CompletableFuture<Run> done = new CompletableFuture<>();
    running = done;
    Pid driver =
        node.spawn(
            self -> {
              try {
                run.start();
                workload.body().run(self, run);
                run.stop();
                run.cleanUp();
                done.complete(run);
              } catch (Throwable e) {
                done.completeExceptionally(e);
                throw e;
              }
            });
    try {
      done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          workload.name() + " failed: " + e.getCause() + lastReport(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          workload.name()
              + " has not ended in "
              + patience
              + "; its driver: "
              + node.info(driver)
              + lastReport(),
          e);
    }
    settle(workload);
    return run;
  }

  private String lastReport() {
    Report report = lastReport;
    return report == null ? "" : "; the node's last report: " + report;
  }

  private void settle(Workload workload) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (node.processCount() > 0 || node.timerCount() > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            workload.name()
                + " left "
                + node.processCount()
                + " processes and "
                + node.timerCount()
                + " timers behind"
                + lastReport());
      }
      Thread.sleep(1);
    }
    node.awaitReports(patience);
    IllegalStateException crash = crashed;
    if (crash != null) {
      throw crash;
    }
    long lost = node.counters().undelivered().values().stream().mapToLong(count -> count).sum();
    if (lost > 0) {
      throw new IllegalStateException(
          workload.name() + " has sent messages that reached nobody: " + node.counters());
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
