package io.coppice.behaviours.proc;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import org.jspecify.annotations.Nullable;

/**
 * What came of starting a process (semantics PL2–PL4).
 *
 * @param <T> what the process tells its starter
 */
public sealed interface ProcStart<T> {
  /**
   * It is up.
   *
   * @param value what it told with {@link Starting#ack}
   * @param pid its pid
   * @param monitor the monitor of a {@code startMonitor}, else null
   * @param <T> what the process tells its starter
   */
  record Started<T>(T value, Pid pid, @Nullable Ref monitor) implements ProcStart<T> {}

  /**
   * It did not come up; the process is gone and its name free.
   *
   * @param reason what it told with {@link Starting#fail}; if it told nothing, what it ended with,
   *     also if that is {@code normal}; or {@code timeout}
   * @param monitor the monitor of a {@code startMonitor}, whose {@code Down} has been delivered
   *     (PL4), else null
   * @param <T> what the process tells its starter
   */
  record Failed<T>(ExitReason reason, @Nullable Ref monitor) implements ProcStart<T> {}

  /**
   * The name is taken; nothing was started.
   *
   * @param holder the process that has the name
   * @param <T> what the process tells its starter
   */
  record AlreadyStarted<T>(Pid holder) implements ProcStart<T> {}

  /**
   * What the process told, for those who cannot do without.
   *
   * @return what it told its starter
   * @throws CallFailed with the reason if it did not come up
   * @throws NameTaken if the name is taken
   */
  default T orThrow() {
    return switch (this) {
      case Started<T> started -> started.value();
      case Failed<T> failed -> throw new CallFailed(failed.reason(), "ProcLib.start");
      case AlreadyStarted<T>(Pid holder) ->
          throw new NameTaken("the name belongs to " + holder + " already", holder);
    };
  }
}
