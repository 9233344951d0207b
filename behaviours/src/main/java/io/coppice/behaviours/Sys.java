package io.coppice.behaviours;

import io.coppice.behaviours.SystemRequest.ChangeCode;
import io.coppice.behaviours.SystemRequest.Command;
import io.coppice.behaviours.SystemRequest.GetLog;
import io.coppice.behaviours.SystemRequest.GetState;
import io.coppice.behaviours.SystemRequest.GetStatistics;
import io.coppice.behaviours.SystemRequest.GetStatus;
import io.coppice.behaviours.SystemRequest.Install;
import io.coppice.behaviours.SystemRequest.LogToFile;
import io.coppice.behaviours.SystemRequest.NoDebug;
import io.coppice.behaviours.SystemRequest.Other;
import io.coppice.behaviours.SystemRequest.Remove;
import io.coppice.behaviours.SystemRequest.ReplaceState;
import io.coppice.behaviours.SystemRequest.Resume;
import io.coppice.behaviours.SystemRequest.SetLog;
import io.coppice.behaviours.SystemRequest.SetStatistics;
import io.coppice.behaviours.SystemRequest.SetTrace;
import io.coppice.behaviours.SystemRequest.Suspend;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Looks into a running behaviour and acts on it, whatever kind it is (semantics SY1–SY11). Works on
 * supervisors, too, but for replacing the state and what watches a process.
 *
 * <p>The process itself answers, between two of its messages and in their order, so what is seen is
 * never half done. Each operation waits five seconds unless another time was given, and fails with
 * {@link CallFailed}: {@code noproc}, {@code timeout}, or the reason the process ended with.
 * Immutable; any thread may use it.
 */
public final class Sys {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
  private final Address address;
  private final @Nullable Duration timeout;

  private Sys(Address address, @Nullable Duration timeout) {
    this.address = address;
    this.timeout = timeout;
  }

  /**
   * The system side of a behaviour.
   *
   * @param address where it is
   * @return its system side
   */
  public static Sys of(Address address) {
    return new Sys(address, DEFAULT_TIMEOUT);
  }

  /**
   * The system side of one process.
   *
   * @param node where it lives
   * @param pid the process
   * @return its system side
   */
  public static Sys of(Processes node, Pid pid) {
    return of(Address.of(node, pid));
  }

  /**
   * The system side of whoever has a name.
   *
   * @param node where the name is registered
   * @param name the name
   * @return its system side
   */
  public static Sys named(Processes node, String name) {
    return of(Address.named(node, name));
  }

  /**
   * Waits longer or shorter.
   *
   * @param limit how long each operation waits, zero or more, or null for ever
   * @return a changed copy
   */
  public Sys timeout(@Nullable Duration limit) {
    return new Sys(address, limit);
  }

  /**
   * The state of the process (SY4): of a GenServer its state, of a GenStatem its {@code
   * StateAndData}, of a GenEvent a list of its handlers, of a supervisor a {@link
   * io.coppice.supervisor.SupervisorStatus}.
   *
   * @return the very object; it should be immutable
   */
  public @Nullable Object getState() {
    return ask(new GetState());
  }

  /**
   * Replaces the state (SY5). If the function throws, nothing changes, the process lives, and this
   * call fails with {@link SystemRequest.CallbackFailed}.
   *
   * @param change runs inside the process
   * @return the new state
   */
  public @Nullable Object replaceState(UnaryOperator<@Nullable Object> change) {
    return ask(new ReplaceState(change));
  }

  /**
   * The status of the process (SY8).
   *
   * @return a snapshot
   */
  public SysStatus getStatus() {
    return (SysStatus)
        Objects.requireNonNull(ask(new GetStatus()), "the process answered without a status");
  }

  /**
   * Has the process handle nothing but system messages and the exit of its parent, until {@link
   * #resume} (SY2, SY3). All else waits in its order. Again does nothing more.
   */
  public void suspend() {
    ask(new Suspend());
  }

  /** Ends a {@link #suspend} (SY2); does nothing to a process that is not suspended. */
  public void resume() {
    ask(new Resume());
  }

  /**
   * Ends the process through its {@code terminate}, also while it is suspended (SY7), and waits
   * until it has ended.
   *
   * @param reason what it is to end with
   */
  public void terminate(ExitReason reason) {
    address.stop(reason, timeout);
  }

  /**
   * Gives a suspended process new code, and its state to the new code's {@code codeChange} (SY6).
   *
   * @param code the new callbacks, of the kind the behaviour takes, or null for the old object; a
   *     supervisor takes a description (SU90)
   * @param oldVersion the version of the state, passed on
   * @param extra anything, passed on
   * @throws CallFailed with {@link SystemRequest.Unknown} if it is not suspended, or with what
   *     {@code codeChange} threw; the process then goes on with its old code and state
   */
  public void changeCode(
      @Nullable Object code, @Nullable Object oldVersion, @Nullable Object extra) {
    ask(new ChangeCode(code, oldVersion, extra));
  }

  /**
   * Keeps the last events: messages in, replies out (SY9). Changing the number keeps the newest.
   *
   * @param size how many, 0 to turn the log off and drop it
   */
  public void log(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("cannot keep " + size + " events");
    }
    ask(new SetLog(size));
  }

  /**
   * The events kept by {@link #log}.
   *
   * @return oldest first; empty also if the log is off
   */
  public List<?> getLog() {
    return ask(new GetLog()) instanceof List<?> events ? events : List.of();
  }

  /**
   * Writes the events kept by {@link #log} to the node's reporter, a {@link SystemTrace} for each.
   */
  public void printLog() {
    List<?> events = getLog();
    address
        .whereis()
        .flatMap(address.node()::info)
        .ifPresent(process -> events.forEach(event -> print(process, event)));
  }

  private void print(ProcessInfo process, @Nullable Object event) {
    if (event instanceof SystemEvent happened) {
      address.node().report(new SystemTrace(process.pid(), process.name(), happened));
    }
  }

  /**
   * Counts messages in and out from now on, or no more (SY10). On again goes on counting.
   *
   * @param on whether to count
   */
  public void statistics(boolean on) {
    ask(new SetStatistics(on));
  }

  /**
   * What has been counted since {@link #statistics} was turned on.
   *
   * @return the numbers, or empty if it is off
   */
  public Optional<SysStatistics> getStatistics() {
    return Optional.ofNullable((SysStatistics) ask(new GetStatistics()));
  }

  /**
   * Hands each event to the node's reporter as a {@link SystemTrace} from now on, or no more
   * (SY10).
   *
   * @param on whether to trace
   */
  public void trace(boolean on) {
    ask(new SetTrace(on));
  }

  /**
   * Writes a line for each event to a file from now on, or no more (SY10). The process writes them
   * itself, one by one; if it cannot, there is a {@link DebugStopped} report and no more lines.
   *
   * @param file the file, which is emptied first; null for no more
   * @throws CallFailed with the {@link java.io.IOException} if the file cannot be written
   * @throws UnsupportedOperationException if it is no file of the default file system
   */
  public void logToFile(@Nullable Path file) {
    ask(new LogToFile(file == null ? null : file.toFile().getAbsolutePath()));
  }

  /**
   * Has a function called for each event, until it returns null, throws, or is {@linkplain #remove
   * removed} (SY10).
   *
   * @param id its name; a function that has it already is replaced
   * @param state its first state
   * @param function runs in the process
   * @param <S> its state
   */
  public <S> void install(Object id, S state, DebugFunction<S> function) {
    ask(new Install<>(id, state, function));
  }

  /**
   * Ends what {@link #install} has begun.
   *
   * @param id the name of the function
   * @return whether it was still installed
   */
  public boolean remove(Object id) {
    return Boolean.TRUE.equals(ask(new Remove(id)));
  }

  /** Turns off log, statistics, trace and log to file, and removes all functions (SY10). */
  public void noDebug() {
    ask(new NoDebug());
  }

  /**
   * Sends any other system request.
   *
   * @param term what a process of one's own may understand
   * @return its answer
   * @throws CallFailed with {@link SystemRequest.Unknown} from a process that does not (SY11)
   */
  public @Nullable Object request(Object term) {
    return ask(new Other(term));
  }

  private @Nullable Object ask(Command command) {
    return address.ask(new SystemRequest(command), timeout);
  }
}
