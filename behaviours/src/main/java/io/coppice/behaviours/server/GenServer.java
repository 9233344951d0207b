package io.coppice.behaviours.server;

import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.StatusView;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Startable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of a server: a process that owns a state and serves requests for it, one at a time
 * (semantics section 4).
 *
 * {@snippet class="io.coppice.behaviours.server.Counter" region="counter"}
 *
 * <p>Each callback gets the state and returns the next one, so that {@code Sys}, tests and reports
 * can see it; keep it immutable. All run in the server's process, on one message at a time, and may
 * block, which makes the other clients wait. A callback that throws ends the server with {@link
 * ExitReason.Crashed}; {@code terminate} then gets the state from before that callback (GS3). One
 * that returns null ends it with {@code bad_return_value} (GS2). To return from deep inside, throw
 * {@link ControlThrow}.
 *
 * @param <M> the protocol: a sealed interface of records; those that want an answer also implement
 *     {@code Call<M, R>}
 * @param <S> the state, never null
 */
public interface GenServer<M, S> extends Startable {
  /**
   * Makes the first state. Runs in the new process, which has its name already (G3), while the
   * starter waits.
   *
   * @param self the operations of the process; keep it in a field if the other callbacks need it
   * @return the state, or that the start fails
   * @throws Exception to fail the start with that error
   */
  Init<S> init(Context self) throws Exception;

  /**
   * Answers a call.
   *
   * @param request what the client asks, a {@code Call}
   * @param from the way to answer later, or from elsewhere; see {@code From}
   * @param state the state
   * @return the answer and the next state, or a {@link Step} that leaves the caller waiting
   * @throws Exception to end the server with that error
   */
  default Result<S> handleCall(M request, Request from, S state) throws Exception {
    throw undefined("handleCall", request);
  }

  /**
   * Handles a request that wants no answer.
   *
   * @param message what the client sent
   * @param state the state
   * @return the next state
   * @throws Exception to end the server with that error
   */
  default Step<S> handleCast(M message, S state) throws Exception {
    throw undefined("handleCast", message);
  }

  /**
   * Handles any other message: {@code Exit}, {@code Down}, {@code Timeout}, {@link Idle}, and what
   * others merely sent. The default drops it with a warning (GS4).
   *
   * @param message any message
   * @param state the state
   * @return the next state
   * @throws Exception to end the server with that error
   */
  default Step<S> handleInfo(Object message, S state) throws Exception {
    return Step.unhandled(state);
  }

  /**
   * Goes on where a callback asked for it with {@link Action#continueWith}, before any message
   * (GS5).
   *
   * @param term what was given there
   * @param state the state
   * @return the next state
   * @throws Exception to end the server with that error
   */
  default Step<S> handleContinue(Object term, S state) throws Exception {
    throw undefined("handleContinue", term);
  }

  /**
   * Cleans up. Runs last when a callback or {@code stop} ends the server, when a callback throws,
   * and when the parent of a server that traps exits ends; not when another exit signal kills it
   * (GS20, GS21, G43).
   *
   * @param reason what the server is going to end with
   * @param state the last state
   * @throws Exception to end with that error instead (GS22)
   */
  default void terminate(ExitReason reason, S state) throws Exception {}

  /**
   * Turns a state of other code into one of this code (SY6).
   *
   * @param oldVersion the version, as {@code Sys.changeCode} was given it
   * @param oldState the state, perhaps of another class
   * @param extra anything, as {@code Sys.changeCode} was given it
   * @return the state for this code
   * @throws Exception to refuse; the server goes on with its old code and state
   */
  default S codeChange(@Nullable Object oldVersion, Object oldState, @Nullable Object extra)
      throws Exception {
    throw undefined("codeChange", extra);
  }

  /**
   * Shortens or blackens what a status or a termination report shows (GS25). If it throws, they
   * show that instead of the state.
   *
   * @param view what would be shown
   * @return what is shown
   * @throws Exception to show nothing
   */
  default StatusView formatStatus(StatusView view) throws Exception {
    return view;
  }

  /**
   * Starts this server as the child of a supervisor: what {@code Supervisor.child(id,
   * Counter::new)} and {@link ChildSpec#of} call.
   *
   * @param parent the process that becomes its parent
   * @param options how to spawn it
   * @return what came of it
   */
  @Override
  default StartResult startLink(Context parent, SpawnOptions options) {
    return Starter.startChild(parent, () -> this, ServerOptions.DEFAULT, options);
  }

  private UnsupportedOperationException undefined(String callback, @Nullable Object argument) {
    return new UnsupportedOperationException(
        getClass().getName() + " has no " + callback + ", which was asked for " + argument);
  }

  /**
   * Starts a server that nobody is linked with, and waits for its {@code init} (G1).
   *
   * @param node where
   * @param code makes the callbacks, in the new process
   * @param <M> the protocol
   * @param <S> the state
   * @return what came of it
   */
  static <M, S> ServerStart<M> start(Processes node, Supplier<? extends GenServer<M, S>> code) {
    return start(node, code, ServerOptions.DEFAULT);
  }

  /**
   * Starts a server that nobody is linked with, and waits for its {@code init} (G1).
   *
   * @param node where
   * @param code makes the callbacks, in the new process
   * @param options how
   * @param <M> the protocol
   * @param <S> the state
   * @return what came of it
   */
  static <M, S> ServerStart<M> start(
      Processes node, Supplier<? extends GenServer<M, S>> code, ServerOptions options) {
    return Starter.start(node, code, options, options.toSpawn());
  }

  /**
   * Starts a server linked with the calling process, which becomes its parent (G2). If that process
   * does not trap exits, a start that fails abnormally kills it (G7).
   *
   * @param self the calling process
   * @param code makes the callbacks, in the new process
   * @param options how
   * @param <M> the protocol
   * @param <S> the state
   * @return what came of it
   */
  static <M, S> ServerStart<M> startLink(
      Context self, Supplier<? extends GenServer<M, S>> code, ServerOptions options) {
    return Starter.start(self, code, options, options.toSpawn().link());
  }

  /**
   * Starts a server monitored by the calling process. If the start fails, no {@code Down} is left
   * (G9).
   *
   * @param self the calling process
   * @param code makes the callbacks, in the new process
   * @param options how
   * @param <M> the protocol
   * @param <S> the state
   * @return what came of it; {@link ServerStart.Started} has the monitor
   */
  static <M, S> ServerStart<M> startMonitor(
      Context self, Supplier<? extends GenServer<M, S>> code, ServerOptions options) {
    return Starter.start(self, code, options, options.toSpawn().monitor());
  }

  /**
   * A server as the child of a supervisor, started with options of its own. For the default options
   * {@code Supervisor.child(id, Counter::new)} does.
   *
   * @param id its id within the supervisor
   * @param code makes the callbacks, in the new process, for each start
   * @param options how to start it
   * @param <M> the protocol
   * @param <S> the state
   * @return a permanent worker
   */
  static <M, S> ChildSpec child(
      String id, Supplier<? extends GenServer<M, S>> code, ServerOptions options) {
    return ChildSpec.starting(
        id, supervisor -> Starter.startChild(supervisor, code, options, options.toSpawn().link()));
  }

  /**
   * Makes the calling process a server when the code it is running returns (G11). Its parent is the
   * process that spawned it.
   *
   * @param self the calling process
   * @param code the callbacks; their {@code init} is not called
   * @param state the first state
   * @param options a name in them must be registered for the calling process already
   * @param action what happens next, or null
   * @param <M> the protocol
   * @param <S> the state
   */
  static <M, S> void enterLoop(
      Context self, GenServer<M, S> code, S state, ServerOptions options, @Nullable Action action) {
    Starter.enterLoop(self, code, state, options, action);
  }
}
