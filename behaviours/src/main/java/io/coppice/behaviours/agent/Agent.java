package io.coppice.behaviours.agent;

import io.coppice.behaviours.BadReturnValue;
import io.coppice.behaviours.Sys;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.behaviours.server.ServerStart;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.ViaName;
import io.coppice.supervisor.ChildSpec;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A process that keeps a state and lets others read and change it by functions (semantics AG1, AG2,
 * Elixir's {@code Agent}).
 *
 * {@snippet class="io.coppice.behaviours.agent.AgentTest" region="agent"}
 *
 * <p>The functions run <em>inside</em> the agent, one after another, in the order in which each
 * caller sent them: what {@link #getAndUpdate} reads nobody else changes before it has written. So
 * they should be short, and must not use the {@link Context} of the process that calls; what takes
 * long is to be done with the answer of {@link #get}. A function that throws ends the agent with
 * {@link ExitReason.Crashed}, and its caller's call fails with that reason; so does one that
 * returns null as the state, with a {@link BadReturnValue}.
 *
 * <p>A handle of a pid means that process for ever; a handle of a name means whoever has the name
 * at each operation, so it survives restarts. Immutable; any thread may use it: inside of a process
 * the process waits, elsewhere the thread.
 *
 * @param <S> the state, never null; keep it immutable, since {@code get} may hand it out
 */
public final class Agent<S> {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
  private final ServerRef<AgentServer.Message> server;

  private Agent(ServerRef<AgentServer.Message> server) {
    this.server = server;
  }

  /**
   * What the function of a {@link #getAndUpdate} returns.
   *
   * @param answer what the caller gets
   * @param state the next state, not null
   * @param <R> the type of the answer
   * @param <S> the state
   */
  public record Step<R extends @Nullable Object, S>(R answer, S state) {}

  // ---- starting

  /**
   * Starts an agent that nobody is linked with, and waits until it has its first state.
   *
   * @param node where
   * @param first makes the first state, in the new process
   * @param <S> the state
   * @return the agent, by pid
   * @throws CallFailed with the reason if the function failed
   */
  public static <S> Agent<S> start(Processes node, Callable<? extends S> first) {
    return start(node, first, ServerOptions.DEFAULT);
  }

  /**
   * Starts an agent that nobody is linked with, and waits until it has its first state.
   *
   * @param node where
   * @param first makes the first state, in the new process
   * @param options its name, the limit of the time for the first state, and how it is spawned
   * @param <S> the state
   * @return the agent, by pid
   * @throws CallFailed with the reason if the function failed, or {@code timeout}
   * @throws NameTaken if the name is taken; nothing was started
   */
  public static <S> Agent<S> start(
      Processes node, Callable<? extends S> first, ServerOptions options) {
    return started(GenServer.start(node, () -> new AgentServer<>(first), options));
  }

  /**
   * Starts an agent linked with the calling process, which becomes its parent, and waits until it
   * has its first state. If the start fails and that process does not trap exits, it ends too (G7).
   *
   * @param self the calling process
   * @param first makes the first state, in the new process
   * @param <S> the state
   * @return the agent, by pid
   * @throws CallFailed with the reason if the function failed
   */
  public static <S> Agent<S> startLink(Context self, Callable<? extends S> first) {
    return startLink(self, first, ServerOptions.DEFAULT);
  }

  /**
   * Starts an agent linked with the calling process, as {@link #startLink(Context, Callable)}.
   *
   * @param self the calling process
   * @param first makes the first state, in the new process
   * @param options its name, the limit of the time for the first state, and how it is spawned
   * @param <S> the state
   * @return the agent, by pid
   * @throws CallFailed with the reason if the function failed, or {@code timeout}
   * @throws NameTaken if the name is taken; nothing was started
   */
  public static <S> Agent<S> startLink(
      Context self, Callable<? extends S> first, ServerOptions options) {
    return started(GenServer.startLink(self, () -> new AgentServer<>(first), options));
  }

  private static <S> Agent<S> started(ServerStart<AgentServer.Message> start) {
    return switch (start) {
      case ServerStart.Started<AgentServer.Message> up -> new Agent<>(up.server());
      case ServerStart.Failed<AgentServer.Message>(ExitReason reason) ->
          throw new CallFailed(reason, "Agent.start");
      case ServerStart.AlreadyStarted<AgentServer.Message>(Pid holder) ->
          throw new NameTaken("The name of the agent belongs to " + holder + " already", holder);
      case ServerStart.Ignored<AgentServer.Message>() ->
          throw new IllegalStateException("an agent does not ignore its start");
    };
  }

  /**
   * An agent as the child of a supervisor; it starts each of its lives with a first state.
   *
   * @param id its id, and its registered name
   * @param first makes the first state, in the new process, for each start
   * @param <S> the state
   * @return a permanent worker
   */
  public static <S> ChildSpec child(String id, Callable<? extends S> first) {
    return child(id, first, ServerOptions.named(id));
  }

  /**
   * An agent as the child of a supervisor, with options of its own.
   *
   * @param id its id within the supervisor
   * @param first makes the first state, in the new process, for each start
   * @param options how to start it
   * @param <S> the state
   * @return a permanent worker
   */
  public static <S> ChildSpec child(String id, Callable<? extends S> first, ServerOptions options) {
    return GenServer.child(id, () -> new AgentServer<>(first), options);
  }

  // ---- finding

  /**
   * The agent that is one process. That its state has this type is the caller's word.
   *
   * @param node where it lives
   * @param pid the process
   * @param <S> the state
   * @return its handle
   */
  public static <S> Agent<S> of(Processes node, Pid pid) {
    return new Agent<>(ServerRef.of(node, pid));
  }

  /**
   * The agent that has a name, whichever process that is.
   *
   * @param node where the name is registered
   * @param name the name, which need not be registered yet
   * @param <S> the state
   * @return its handle
   */
  public static <S> Agent<S> named(Processes node, String name) {
    return new Agent<>(ServerRef.named(node, name));
  }

  /**
   * The agent with a name in a registry of one's own (P62).
   *
   * @param node where it lives
   * @param name the registry and the name there
   * @param <S> the state
   * @return its handle
   */
  public static <S> Agent<S> via(Processes node, ViaName name) {
    return new Agent<>(ServerRef.via(node, name));
  }

  // ---- using

  /**
   * Reads from the state, and waits for the answer for up to five seconds.
   *
   * @param reader gets the state, inside the agent
   * @param <R> the type of the answer
   * @return what the function returned
   * @throws CallFailed with the agent's exit reason if the function threw; {@code noproc}, {@code
   *     timeout}, or {@code calling_self} inside a function of the same agent
   */
  public <R extends @Nullable Object> R get(Function<? super S, ? extends R> reader) {
    return get(reader, DEFAULT_TIMEOUT);
  }

  /**
   * Reads from the state.
   *
   * @param reader gets the state, inside the agent
   * @param timeout how long to wait, zero or more, or null for ever. The function runs all the same
   *     when it is over.
   * @param <R> the type of the answer
   * @return what the function returned
   * @throws CallFailed as {@link #get(Function)}
   * @throws IllegalArgumentException if the timeout is negative; nothing is sent
   */
  public <R extends @Nullable Object> R get(
      Function<? super S, ? extends R> reader, @Nullable Duration timeout) {
    return server.call(new AgentServer.Get<R>(Objects.requireNonNull(reader, "reader")), timeout);
  }

  /**
   * Changes the state, and waits until it is done for up to five seconds.
   *
   * @param change makes the next state of the last one, inside the agent; never null
   * @throws CallFailed as {@link #get(Function)}
   */
  public void update(UnaryOperator<S> change) {
    update(change, DEFAULT_TIMEOUT);
  }

  /**
   * Changes the state, and waits until it is done.
   *
   * @param change makes the next state of the last one, inside the agent; never null
   * @param timeout how long to wait, zero or more, or null for ever. The function runs all the same
   *     when it is over.
   * @throws CallFailed as {@link #get(Function)}
   * @throws IllegalArgumentException if the timeout is negative; nothing is sent
   */
  public void update(UnaryOperator<S> change, @Nullable Duration timeout) {
    server.call(new AgentServer.Update(Objects.requireNonNull(change, "change")), timeout);
  }

  /**
   * Reads from the state and changes it in one step, and waits for the answer for up to five
   * seconds.
   *
   * @param step gets the state, inside the agent, and returns the answer and the next state
   * @param <R> the type of the answer
   * @return the answer
   * @throws CallFailed as {@link #get(Function)}; if the function returned no step, or one without
   *     a state, with the {@link BadReturnValue} that the agent ends with
   */
  public <R extends @Nullable Object> R getAndUpdate(Function<? super S, Step<R, S>> step) {
    return getAndUpdate(step, DEFAULT_TIMEOUT);
  }

  /**
   * Reads from the state and changes it in one step.
   *
   * @param step gets the state, inside the agent, and returns the answer and the next state
   * @param timeout how long to wait, zero or more, or null for ever. The function runs all the same
   *     when it is over.
   * @param <R> the type of the answer
   * @return the answer
   * @throws CallFailed as {@link #getAndUpdate(Function)}
   * @throws IllegalArgumentException if the timeout is negative; nothing is sent
   */
  public <R extends @Nullable Object> R getAndUpdate(
      Function<? super S, Step<R, S>> step, @Nullable Duration timeout) {
    return server.call(
        new AgentServer.GetAndUpdate<R>(Objects.requireNonNull(step, "step")), timeout);
  }

  /**
   * Changes the state some time, without waiting. Never fails: nothing happens if there is no such
   * agent (G40). If the function throws, the agent ends, and nobody is told here.
   *
   * @param change makes the next state of the last one, inside the agent; never null
   */
  public void cast(UnaryOperator<S> change) {
    server.cast(new AgentServer.Update(Objects.requireNonNull(change, "change")));
  }

  /**
   * Stops the agent normally and waits until it has ended, for ever (G42).
   *
   * @throws CallFailed as {@link #stop(ExitReason, Duration)}
   */
  public void stop() {
    server.stop();
  }

  /**
   * Stops the agent and waits until it has ended (G42).
   *
   * @param reason what it is to end with
   * @param timeout how long to wait, zero or more, or null for ever. The order stands when it is
   *     over.
   * @throws CallFailed with {@code noproc}, {@code timeout}, or the reason with which it ended if
   *     that was another one
   */
  public void stop(ExitReason reason, @Nullable Duration timeout) {
    server.stop(reason, timeout);
  }

  /**
   * Who that is now (AG2).
   *
   * @return the pid, which may have ended; or empty if nobody has the name
   */
  public Optional<Pid> whereis() {
    return server.whereis();
  }

  /**
   * The system side of the agent; its state there is that of the agent.
   *
   * @return its system side
   */
  public Sys sys() {
    return server.sys();
  }

  /** The name or the pid. */
  @Override
  public String toString() {
    return server.toString();
  }
}
