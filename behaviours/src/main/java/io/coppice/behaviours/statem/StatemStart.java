package io.coppice.behaviours.statem;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import org.jspecify.annotations.Nullable;

/**
 * What came of starting a state machine (semantics G1–G9).
 *
 * @param <M> the protocol of the machine
 */
public sealed interface StatemStart<M> {
  /**
   * The machine is up.
   *
   * @param machine its handle, bound to this process
   * @param pid its pid
   * @param monitor the monitor of a {@code startMonitor}, else null
   * @param <M> the protocol of the machine
   */
  record Started<M>(StatemRef<M> machine, Pid pid, @Nullable Ref monitor)
      implements StatemStart<M> {}

  /**
   * Its {@code init} returned {@link Init#ignore()}; the process is gone.
   *
   * @param <M> the protocol of the machine
   */
  record Ignored<M>() implements StatemStart<M> {}

  /**
   * It did not come up; the process is gone and its name free (G5).
   *
   * @param reason why
   * @param <M> the protocol of the machine
   */
  record Failed<M>(ExitReason reason) implements StatemStart<M> {}

  /**
   * The name is taken; nothing was started (G4).
   *
   * @param holder the process that has the name
   * @param <M> the protocol of the machine
   */
  record AlreadyStarted<M>(Pid holder) implements StatemStart<M> {}

  /**
   * The machine, for those who cannot do without.
   *
   * @return its handle
   * @throws CallFailed with the reason if it did not come up, or with {@code noproc} if it was
   *     ignored
   * @throws NameTaken if the name is taken
   */
  default StatemRef<M> orThrow() {
    return switch (this) {
      case Started<M> started -> started.machine();
      case Failed<M>(ExitReason reason) -> throw new CallFailed(reason, "GenStatem.start");
      case Ignored<M>() -> throw new CallFailed(ExitReason.NO_PROCESS, "GenStatem.start (ignored)");
      case AlreadyStarted<M>(Pid holder) ->
          throw new NameTaken("the name belongs to " + holder + " already", holder);
    };
  }
}
