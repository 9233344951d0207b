package io.coppice.behaviours.statem;

import io.coppice.behaviours.ControlThrow;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Startable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of a state machine: a process whose state decides what an event leads to (semantics
 * section 5).
 *
 * {@snippet class="io.coppice.behaviours.statem.Door" region="door"}
 *
 * <p>What the machine remembers has two halves: the <em>state</em>, as a rule an enum or a sealed
 * interface of records, compared by {@code equals}; and the <em>data</em>, everything else. Keep
 * both immutable. A record as a state is another state as soon as one of its components differs:
 * what shall not count as a change of state belongs to the data. There are two ways to write the
 * handlers (SM2): {@link #handleEvent} for all events in all states, or, with {@link
 * CallbackMode#STATE_FUNCTIONS}, a {@link #stateFunction} for each state. Either may have enter
 * calls besides ({@link CallbackMode#withStateEnter}).
 *
 * <p>All callbacks run in the machine's process, on one event at a time, and may block, which makes
 * the other clients wait. One that throws ends the machine with {@link ExitReason.Crashed}; {@code
 * terminate} then gets the state and the data from before that callback (SM50). One that returns
 * null, or what it must not, ends it with {@link BadTransition} (SM6). To return from deep inside,
 * throw {@link ControlThrow}.
 *
 * @param <M> the protocol: a sealed interface of records; those that want an answer also implement
 *     {@code Call<M, R>}
 * @param <S> the states, never null
 * @param <D> the data, never null
 */
public interface GenStatem<M, S, D> extends Startable {
  /**
   * Makes the first state and data. Runs in the new process, which has its name already (G3), while
   * the starter waits.
   *
   * @param self the operations of the process; keep it in a field if the other callbacks need it
   * @return the state and the data, or that the start fails
   * @throws Exception to fail the start with that error
   */
  Init<S, D> init(Context self) throws Exception;

  /**
   * How the events are handed over. Asked when {@code init} has returned, when the code is changed,
   * and when these callbacks take over from others (SM1). The default is {@link
   * CallbackMode#HANDLE_EVENT}.
   *
   * @return the mode
   */
  default CallbackMode callbackMode() {
    return CallbackMode.HANDLE_EVENT;
  }

  /**
   * Handles an event.
   *
   * @param event the event
   * @param state the state the machine is in
   * @param data the data
   * @return what it leads to
   * @throws Exception to end the machine with that error
   */
  default Transition<S, D> handleEvent(Event<M> event, S state, D data) throws Exception {
    throw undefined("handleEvent", event);
  }

  /**
   * The handler of the events in a state, with {@link CallbackMode#STATE_FUNCTIONS}: as a rule a
   * {@code switch} over the states that gives a method reference for each.
   *
   * @param state the state the machine is in
   * @return its handler; asked for each event
   */
  default StateFunction<M, S, D> stateFunction(S state) {
    throw undefined("stateFunction", state);
  }

  /**
   * Handles an enter call, with {@link CallbackMode#HANDLE_EVENT} and enter calls: the machine has
   * changed its state, repeats it, or has begun in it (SM11). An enter call is no event (SM31). The
   * default does nothing.
   *
   * @param oldState the state the machine comes from; the same one if it is repeated, or the first
   * @param state the state the machine is in now
   * @param data the data
   * @return what happens; the state cannot be changed here (SM30)
   * @throws Exception to end the machine with that error
   */
  default EnterResult<S, D> handleEnter(S oldState, S state, D data) throws Exception {
    return EnterResult.keepStateAndData();
  }

  /**
   * Cleans up. Runs last when a result or {@code stop} ends the machine, when a callback throws,
   * and when the parent of a machine that traps exits ends (SM50); not when another exit signal
   * kills it.
   *
   * @param reason what the machine is going to end with
   * @param state the last state
   * @param data the last data
   * @throws Exception to end with that error instead
   */
  default void terminate(ExitReason reason, S state, D data) throws Exception {}

  /**
   * Turns state and data of other code into those of this code (SM54). The {@link #callbackMode} is
   * asked again.
   *
   * @param oldVersion the version, as {@code Sys.changeCode} was given it
   * @param oldState the state, perhaps of another class
   * @param oldData the data, perhaps of another class
   * @param extra anything, as {@code Sys.changeCode} was given it
   * @return state and data for this code
   * @throws Exception to refuse; the machine goes on with its old code, state and data
   */
  default StateAndData<S, D> codeChange(
      @Nullable Object oldVersion, Object oldState, Object oldData, @Nullable Object extra)
      throws Exception {
    throw undefined("codeChange", extra);
  }

  /**
   * Shortens or blackens what a status or a termination report shows (GS25). If it throws, they
   * show that instead of the state and the data.
   *
   * @param status what would be shown
   * @return what is shown
   * @throws Exception to show nothing
   */
  default StatemStatus formatStatus(StatemStatus status) throws Exception {
    return status;
  }

  /**
   * Starts this machine as the child of a supervisor: what {@code Supervisor.child(id, Door::new)}
   * and {@link ChildSpec#of} call.
   *
   * @param parent the process that becomes its parent
   * @param options how to spawn it
   * @return what came of it
   */
  @Override
  default StartResult startLink(Context parent, SpawnOptions options) {
    return Starter.startChild(parent, () -> this, StatemOptions.DEFAULT, options);
  }

  private UnsupportedOperationException undefined(String callback, @Nullable Object argument) {
    return new UnsupportedOperationException(
        getClass().getName() + " has no " + callback + ", which was asked for " + argument);
  }

  /**
   * Starts a machine that nobody is linked with, and waits for its {@code init} (G1).
   *
   * @param node where
   * @param code makes the callbacks, in the new process
   * @param <M> the protocol
   * @param <S> the states
   * @param <D> the data
   * @return what came of it
   */
  static <M, S, D> StatemStart<M> start(
      Processes node, Supplier<? extends GenStatem<M, S, D>> code) {
    return start(node, code, StatemOptions.DEFAULT);
  }

  /**
   * Starts a machine that nobody is linked with, and waits for its {@code init} (G1).
   *
   * @param node where
   * @param code makes the callbacks, in the new process
   * @param options how
   * @param <M> the protocol
   * @param <S> the states
   * @param <D> the data
   * @return what came of it
   */
  static <M, S, D> StatemStart<M> start(
      Processes node, Supplier<? extends GenStatem<M, S, D>> code, StatemOptions options) {
    return Starter.start(node, code, options, options.toSpawn());
  }

  /**
   * Starts a machine linked with the calling process, which becomes its parent (G2). If that
   * process does not trap exits, a start that fails abnormally kills it (G7).
   *
   * @param self the calling process
   * @param code makes the callbacks, in the new process
   * @param options how
   * @param <M> the protocol
   * @param <S> the states
   * @param <D> the data
   * @return what came of it
   */
  static <M, S, D> StatemStart<M> startLink(
      Context self, Supplier<? extends GenStatem<M, S, D>> code, StatemOptions options) {
    return Starter.start(self, code, options, options.toSpawn().link());
  }

  /**
   * Starts a machine monitored by the calling process. If the start fails, no {@code Down} is left
   * (G9).
   *
   * @param self the calling process
   * @param code makes the callbacks, in the new process
   * @param options how
   * @param <M> the protocol
   * @param <S> the states
   * @param <D> the data
   * @return what came of it; {@link StatemStart.Started} has the monitor
   */
  static <M, S, D> StatemStart<M> startMonitor(
      Context self, Supplier<? extends GenStatem<M, S, D>> code, StatemOptions options) {
    return Starter.start(self, code, options, options.toSpawn().monitor());
  }

  /**
   * A machine as the child of a supervisor, started with options of its own. For the default
   * options {@code Supervisor.child(id, Door::new)} does.
   *
   * @param id its id within the supervisor
   * @param code makes the callbacks, in the new process, for each start
   * @param options how to start it
   * @param <M> the protocol
   * @param <S> the states
   * @param <D> the data
   * @return a permanent worker
   */
  static <M, S, D> ChildSpec child(
      String id, Supplier<? extends GenStatem<M, S, D>> code, StatemOptions options) {
    return ChildSpec.starting(
        id, supervisor -> Starter.startChild(supervisor, code, options, options.toSpawn().link()));
  }

  /**
   * Makes the calling process a state machine when the code it is running returns (G11). Its parent
   * is the process that spawned it.
   *
   * @param self the calling process
   * @param code the callbacks; their {@code init} is not called
   * @param first the first state and data
   * @param options a name in them must be registered for the calling process already
   * @param actions what happens next, before any message
   * @param <M> the protocol
   * @param <S> the states
   * @param <D> the data
   */
  static <M, S, D> void enterLoop(
      Context self,
      GenStatem<M, S, D> code,
      StateAndData<S, D> first,
      StatemOptions options,
      Action... actions) {
    Starter.enterLoop(self, code, first, options, Plan.listOf(actions));
  }
}
