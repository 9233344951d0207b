package io.coppice.kernel.cell;

import io.coppice.kernel.process.NodeCounters;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Zombie;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be seen of a node from outside, without stopping anybody. Any thread. */
public final class KernelView {
  private final Kernel kernel;
  private final long startNanos;

  KernelView(Kernel kernel, long startNanos) {
    this.kernel = kernel;
    this.startNanos = startNanos;
  }

  /**
   * All processes, at a glance.
   *
   * @return a snapshot in no particular order
   */
  public List<Glance> glances() {
    return kernel.cells().stream().filter(cell -> !cell.isGone()).map(Glance::of).toList();
  }

  /**
   * All that is to be seen of a process.
   *
   * @param pid a process of this node
   * @return null if it has ended
   */
  public @Nullable ProcessInfo info(Pid pid) {
    return CellView.info(kernel.cell(pid));
  }

  /**
   * Processes that were declared dead while their code still runs.
   *
   * @param max the most of them, 0 or more
   * @param stacks whether to take their stacks
   * @return the oldest ones, oldest first
   */
  public List<Zombie> zombies(int max, boolean stacks) {
    return kernel.zombies().list(max, stacks);
  }

  /**
   * The registered name of a process.
   *
   * @param pid a process of this node
   * @return null if it has none
   */
  public @Nullable String nameOf(Pid pid) {
    return kernel.cell(pid).name();
  }

  /**
   * What has been counted.
   *
   * @return sums, each from a slightly different moment
   */
  public NodeCounters counters() {
    return kernel.operations().counters();
  }

  /**
   * How long the node has been running.
   *
   * @return on its own clock
   */
  public Duration up() {
    return Duration.ofNanos(kernel.dispatcher().clock().nanoTime() - startNanos);
  }
}
