package io.coppice.behaviours.proc;

import io.coppice.behaviours.StatusView;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.SystemRequest.ChangeCode;
import io.coppice.behaviours.generic.Behaviour;
import io.coppice.behaviours.generic.Initial;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Report;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The system side of a process with a loop of its own: a behaviour that nobody runs, but that loop
 * hands its messages to. What is not for the system waits here until the loop takes it.
 */
final class SpecialBody<S> extends Behaviour {
  private final SystemCallbacks<S> callbacks;
  private final ArrayDeque<Object> ordinary = new ArrayDeque<>();

  SpecialBody(Context self, SystemCallbacks<S> callbacks) {
    this.callbacks = callbacks;
    enter(self);
  }

  /** The next message that is not for the system, or null. */
  @Nullable Object next() {
    return ordinary.pollFirst();
  }

  /** Handles a message of the mailbox. */
  void take(Context self, Object message) {
    try {
      onMessage(self, message);
    } catch (RuntimeException error) {
      throw error;
    } catch (Exception error) {
      throw new AssertionError("nothing here throws a checked exception", error);
    }
  }

  boolean isSuspended() {
    return suspended();
  }

  void show(SystemEvent event) {
    if (noting()) {
      note(event);
    }
  }

  @Override
  protected void handle(Object message) {
    ordinary.addLast(message);
  }

  @Override
  protected void leave(ExitReason reason) {
    throw new ProcessExit(reason); // there is no handler to return from, only a loop
  }

  @Override
  protected void terminate(ExitReason reason) throws Exception {
    callbacks.terminate(reason);
  }

  @Override
  protected @Nullable Report terminated(
      StatusView view, @Nullable Pid caller, @Nullable ProcessInfo own) {
    return null; // the crash report says all
  }

  // ---- never asked for

  @Override
  protected Initial init() {
    throw new AssertionError("a process with a loop of its own is not started by a message");
  }

  @Override
  protected void started() {}

  @Override
  protected void interrupted(boolean suspended) {}

  @Override
  protected boolean hibernating() {
    return false;
  }

  // ---- state

  @Override
  protected Object userState() {
    return Objects.requireNonNull(callbacks.state(), "the state is never null");
  }

  @Override
  @SuppressWarnings("unchecked") // at the risk of whoever replaces the state
  protected void userState(@Nullable Object state) {
    callbacks.state((S) Objects.requireNonNull(state, "the state is never null"));
  }

  @Override
  protected void changeCode(ChangeCode change) throws Exception {
    callbacks.state(callbacks.codeChange(change.code(), change.oldVersion(), change.extra()));
  }

  @Override
  protected StatusView formatStatus(StatusView view) throws Exception {
    return callbacks.formatStatus(view);
  }

  @Override
  protected String module() {
    return callbacks.getClass().getName();
  }
}
