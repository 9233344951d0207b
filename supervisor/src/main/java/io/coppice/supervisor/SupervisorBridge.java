package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import java.util.Objects;

/**
 * Makes a part of a supervision tree of something that was not built for one (semantics SU94, OTP's
 * {@code supervisor_bridge}): a subsystem that has a process at its top, and a way of its own to be
 * started and stopped.
 *
 * {@snippet class="io.coppice.supervisor.SupervisorSnippets" region="bridge"}
 *
 * <p>To its supervisor the bridge looks like a supervisor. It is linked with the top process of the
 * subsystem: when that ends, the bridge ends with the same reason and does nothing more. When the
 * bridge is to stop, {@link #terminate} stops the subsystem in its own way; the bridge itself does
 * nothing to the process.
 *
 * @param <S> what {@code terminate} needs to know
 */
public interface SupervisorBridge<S> extends Startable {
  /**
   * What {@link #init} returns.
   *
   * @param <S> what {@code terminate} needs to know
   */
  sealed interface Init<S> {
    /**
     * The subsystem runs ({@code {ok, Pid, State}}).
     *
     * @param pid its top process, which the bridge links itself with
     * @param state for {@code terminate}
     * @param <S> the type of the state
     */
    record Ok<S>(Pid pid, S state) implements Init<S> {
      /** Refuses null. */
      public Ok {
        Objects.requireNonNull(pid, "pid");
        Objects.requireNonNull(state, "state");
      }
    }

    /**
     * There is nothing to bridge, and that is no failure ({@code ignore}).
     *
     * @param <S> the type of the state
     */
    record Ignored<S>() implements Init<S> {}

    /**
     * The subsystem could not be started ({@code {error, Reason}}).
     *
     * @param reason why; the bridge ends with it
     * @param <S> the type of the state
     */
    record Failed<S>(ExitReason reason) implements Init<S> {
      /** Refuses null. */
      public Failed {
        Objects.requireNonNull(reason, "reason");
      }
    }

    /**
     * The subsystem runs.
     *
     * @param pid its top process
     * @param state for {@code terminate}
     * @param <S> the type of the state
     * @return {@link Ok}
     */
    static <S> Init<S> ok(Pid pid, S state) {
      return new Ok<>(pid, state);
    }

    /**
     * There is nothing to bridge.
     *
     * @param <S> the type of the state
     * @return {@link Ignored}
     */
    static <S> Init<S> ignored() {
      return new Ignored<>();
    }

    /**
     * The subsystem could not be started.
     *
     * @param reason why
     * @param <S> the type of the state
     * @return {@link Failed}
     */
    static <S> Init<S> failed(ExitReason reason) {
      return new Failed<>(reason);
    }
  }

  /**
   * Starts the subsystem. Runs in the process of the bridge, which traps exits already.
   *
   * @param self the operations of the bridge's process
   * @return what came of it; null ends the bridge with {@link BadReturn}
   * @throws Exception to fail the start with that error
   */
  Init<S> init(Context self) throws Exception;

  /**
   * Stops the subsystem. Runs in the process of the bridge, last, when its parent has told it to
   * stop or has ended, or somebody has called {@link SupervisorRef#stop}; not when the subsystem
   * has ended before.
   *
   * @param reason what the bridge ends with
   * @param state what {@code init} has given
   * @throws Exception to end with that error instead
   */
  void terminate(ExitReason reason, S state) throws Exception;

  /**
   * Starts the bridge and waits until the subsystem runs.
   *
   * <p>Given the {@link Context} of a process it is linked with that process, its parent; given a
   * node, with nobody.
   *
   * @param processes a node, or the context of the process that calls
   * @param options how to spawn it; its name, if it is to have one, is among them
   * @return {@link StartResult.Ok} with the pid of the bridge; {@link StartResult.Ignored}; or
   *     {@link StartResult.Failed} with the reason that {@code init} gave, what it threw, {@link
   *     BadReturn}, or {@link AlreadyStarted} if the name is taken
   */
  default StartResult start(Processes processes, SpawnOptions options) {
    return CodeStart.start(
        this, processes, processes instanceof Context ? options.link() : options);
  }

  /**
   * Starts the bridge as a child: what {@link ChildSpec#of} calls.
   *
   * @param parent the operations of the process that becomes its parent
   * @param options how to spawn it
   * @return as {@link #start}
   */
  @Override
  default StartResult startLink(Context parent, SpawnOptions options) {
    return start(parent, options);
  }

  /**
   * This bridge as a child: permanent, of type supervisor, with unlimited time to stop, and without
   * a name.
   *
   * @param id its id there
   * @return the specification
   */
  default ChildSpec childSpec(String id) {
    return ChildSpec.of(id, SpawnOptions.DEFAULT, () -> this).type(ChildType.SUPERVISOR);
  }
}
