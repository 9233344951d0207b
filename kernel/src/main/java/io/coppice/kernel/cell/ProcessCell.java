package io.coppice.kernel.cell;

import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import org.jspecify.annotations.Nullable;

/**
 * One process inside. It is its own {@link Pid}.
 *
 * <p>One object, because a process is to cost one; a file for each role: what it is doing ({@link
 * StateWord}), what comes in ({@link ArrivalCell}) and out again ({@link InboundCell}, {@link
 * TakingCell}), who asked it ({@link AnsweringCell}), waits ({@link WaitingCell}), name and
 * belongings ({@link NamedCell}), the end ({@link EndingCell}, {@link MortalCell}), and the turn
 * ({@link TurnCell}, {@link GuestCell}).
 *
 * <p>Threads: each of these says which.
 */
public final class ProcessCell extends GuestCell implements Pid {
  ProcessCell(
      Kernel kernel,
      long number,
      @Nullable ProcessCell parent,
      @Nullable ProcessBody body,
      @Nullable Reactive reactive,
      SpawnOptions options) {
    super(kernel, number, parent, body, reactive, options);
  }

  /**
   * The process whose code runs on the calling thread.
   *
   * @return null if the thread runs none
   */
  public static @Nullable ProcessCell current() {
    if (JdkInternals.currentCarrier() instanceof HostThread carrier) {
      Host host = carrier.host();
      return host == null ? null : host.current;
    }
    return null;
  }

  @Override
  ProcessCell self() {
    return this;
  }

  /** The same in each run, so that whoever iterates over a hash map of pids does so too. */
  @Override
  public int hashCode() {
    return Long.hashCode(number());
  }

  @Override
  public String toString() {
    return "<" + number() + ">";
  }
}
