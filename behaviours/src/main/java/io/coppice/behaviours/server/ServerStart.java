package io.coppice.behaviours.server;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import org.jspecify.annotations.Nullable;

/**
 * What came of starting a server (semantics G1–G9).
 *
 * @param <M> the protocol of the server
 */
public sealed interface ServerStart<M> {
  /**
   * The server is up.
   *
   * @param server its handle, bound to this process
   * @param pid its pid
   * @param monitor the monitor of a {@code startMonitor}, else null
   * @param <M> the protocol of the server
   */
  record Started<M>(ServerRef<M> server, Pid pid, @Nullable Ref monitor)
      implements ServerStart<M> {}

  /**
   * Its {@code init} returned {@link Init#ignore()}; the process is gone.
   *
   * @param <M> the protocol of the server
   */
  record Ignored<M>() implements ServerStart<M> {}

  /**
   * It did not come up; the process is gone and its name free (G5).
   *
   * @param reason why
   * @param <M> the protocol of the server
   */
  record Failed<M>(ExitReason reason) implements ServerStart<M> {}

  /**
   * The name is taken; nothing was started (G4).
   *
   * @param holder the process that has the name
   * @param <M> the protocol of the server
   */
  record AlreadyStarted<M>(Pid holder) implements ServerStart<M> {}

  /**
   * The server, for those who cannot do without.
   *
   * @return its handle
   * @throws CallFailed with the reason if it did not come up, or with {@code noproc} if it was
   *     ignored
   * @throws NameTaken if the name is taken
   */
  default ServerRef<M> orThrow() {
    return switch (this) {
      case Started<M> started -> started.server();
      case Failed<M>(ExitReason reason) -> throw new CallFailed(reason, "GenServer.start");
      case Ignored<M>() -> throw new CallFailed(ExitReason.NO_PROCESS, "GenServer.start (ignored)");
      case AlreadyStarted<M>(Pid holder) ->
          throw new NameTaken("the name belongs to " + holder + " already", holder);
    };
  }
}
