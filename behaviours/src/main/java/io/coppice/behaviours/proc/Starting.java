package io.coppice.behaviours.proc;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ProcessExit;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a process that is being started answers its starter: with {@link #ack}, or with {@link #fail}
 * (semantics PL2, PL3). Used by that process only.
 *
 * @param <T> what it tells its starter
 */
public final class Starting<T> {
  private final Predicate<T> answer;
  private volatile @Nullable ExitReason told;
  private boolean acked;

  Starting(Predicate<T> answer) {
    this.answer = answer;
  }

  /**
   * Says that the process is up: its starter goes on with that value, at once (PL2). Later ones are
   * dropped.
   *
   * @param value what the starter gets
   * @return whether the starter gets it; false if it was answered before, or has given up
   */
  public boolean ack(T value) {
    Objects.requireNonNull(value, "value");
    if (acked) {
      return false;
    }
    acked = true;
    return answer.test(value);
  }

  /**
   * Says that the start fails and ends the process: write {@code throw start.fail(told, exit)}. The
   * starter learns it only when the process is dead and its name is free, so that it may start
   * another one at once (PL3).
   *
   * @param reason what the starter is told
   * @param exit what the process ends with; a clean reason for no crash report
   * @return never
   */
  public ProcessExit fail(ExitReason reason, ExitReason exit) {
    told = Objects.requireNonNull(reason, "reason");
    throw new ProcessExit(Objects.requireNonNull(exit, "exit"));
  }

  /** What {@link #fail} was given, or null. */
  @Nullable ExitReason told() {
    return told;
  }
}
