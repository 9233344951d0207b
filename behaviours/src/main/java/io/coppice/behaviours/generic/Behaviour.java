package io.coppice.behaviours.generic;

import io.coppice.behaviours.StatusView;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.SystemRequest;
import io.coppice.behaviours.SystemRequest.ChangeCode;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The general half of all behaviours: start, system messages, suspension, the parent's exit, the
 * way to the end, and its report. A kind of behaviour adds what its own messages mean.
 *
 * <p>Used by its process only, but for {@link #describe}.
 */
public abstract class Behaviour implements Reactive {
  /*
   * The life of a behaviour
   *
   *   NEW ---start, init went well---> RUNNING <--resume-- / --suspend--> SUSPENDED
   *    |                                  |                                   |
   *    | init failed                      | stop, crash, parent's exit,       | terminate,
   *    v                                  v system terminate                  v parent's exit
   *   (gone, untold)                   ENDED <--------------------------------+
   *
   * NEW. The first message is the start command. Until init has returned nothing else is looked at,
   * so whoever finds the name early waits in the mailbox. A start that fails is not answered: the
   * kernel lets the starter go when the process is dead, and the starter reads the command's outcome
   * (G5, G6). It gets no terminate; a crash report tells of it.
   *
   * RUNNING. What a message sets off (its handler, the chain of continues after it) happens inside one
   * call of onMessage. So nothing can come in between, system messages included (GS5), with no queue
   * of pending work to look after.
   *
   * SUSPENDED. SystemSide keeps ordinary messages, in order; they are handled by the resume before the
   * next message is taken from the mailbox: the order is that of the mailbox (SY2). A request held
   * when the process ends is failed by the kernel like one that is still in the mailbox.
   *
   * ENDED. terminate runs first, then the report, then whatever answer was due (GS6), and the process
   * ends when onMessage returns. There is one road to the end, `end`, and only a kill by a signal goes
   * round it: then the kernel throws ProcessExit from every operation, also from the one `toldToDie`
   * does to find out, and no callback may run any more (P4, GS21).
   */
  private @Nullable Context self;
  private @Nullable Pid parent;
  private @Nullable Pid root;
  private boolean ended;
  private final SystemSide system = new SystemSide(this);

  /** For a process that is to be started with a {@link StartCommand}. */
  protected Behaviour() {}

  // ---- what a kind of behaviour adds

  /**
   * Runs the callback's init.
   *
   * @return what came of it
   */
  protected abstract Initial init() throws Exception;

  /** Goes on after an init that went well, when the starter has been told. */
  protected abstract void started() throws Exception;

  /**
   * Handles an ordinary message. What it throws ends the process.
   *
   * @param message no system request, and no exit of the parent
   */
  protected abstract void handle(Object message) throws Exception;

  /**
   * Called after each system message: the place to restart what it interrupts (GS11).
   *
   * @param suspended whether the process is suspended now
   */
  protected abstract void interrupted(boolean suspended);

  /** The state as {@code Sys.getState} gives it. */
  protected abstract @Nullable Object userState();

  /** Sets the state. */
  protected abstract void userState(@Nullable Object state);

  /**
   * Changes the state (SY5).
   *
   * @param change what the client wants done; what it throws becomes the client's failure
   * @return what the client gets, the new state
   */
  protected @Nullable Object changeState(UnaryOperator<@Nullable Object> change) {
    userState(change.apply(userState()));
    return userState();
  }

  /** Migrates to other code; on an exception nothing has changed. */
  protected abstract void changeCode(ChangeCode change) throws Exception;

  /** Runs the callback's formatStatus. */
  protected abstract StatusView formatStatus(StatusView view) throws Exception;

  /** Whether it rests until the next message. */
  protected abstract boolean hibernating();

  /** Runs the callback's terminate. */
  protected abstract void terminate(ExitReason reason) throws Exception;

  /**
   * The report of an abnormal end, or null if the crash report says all.
   *
   * @param view what it may show
   * @param caller who made the call that was being handled, or null
   * @param own this process
   */
  protected abstract @Nullable Report terminated(
      StatusView view, @Nullable Pid caller, @Nullable ProcessInfo own);

  /** The name of the callback class. */
  protected abstract String module();

  // ---- life cycle

  @Override
  public final void onStart(Context context) {
    boolean entered = self != null;
    self = context;
    if (entered) {
      proceed();
    }
  }

  private void proceed() {
    try {
      started();
    } catch (Throwable error) {
      failed(error, null);
    }
  }

  /** Skips the start protocol: the process is a behaviour from now on, with its parent (G11). */
  protected final void enter(Context context) {
    self = context;
    parent = context.parent();
    root = context.ancestors().getLast();
  }

  @Override
  public final void onMessage(Context context, Object message) throws Exception {
    if (message instanceof Request request) {
      if (request.payload() instanceof SystemRequest asked) {
        system.handle(request, asked.command(), parent);
        return;
      }
      if (request.payload() instanceof StartCommand start) {
        begin(context, request, start);
        return;
      }
    } else if (message instanceof Exit exit && isOrder(exit.from())) {
      end(exit.reason(), message);
      return;
    }
    if (!system.holds(message)) {
      dispatch(message);
    }
  }

  /** Whether an exit is the order to stop: from the parent, or from the node that is closing. */
  private boolean isOrder(Pid from) {
    return from.equals(parent) || from.equals(root);
  }

  private void begin(Context context, Request request, StartCommand start) throws Exception {
    self = context;
    parent = start.linked() ? context.parent() : null;
    root = context.ancestors().getLast();
    Initial initial = init();
    start.outcome(initial);
    switch (initial) {
      case Initial.Up() -> {
        request.reply(null);
        proceed();
      }
      case Initial.Ignored() -> finish(ExitReason.NORMAL);
      case Initial.Failed(var told, var exit) -> {
        finish(exit);
      }
    }
  }

  /** Handles an ordinary message that is not held back. */
  final void dispatch(Object message) throws Exception {
    try {
      handle(message);
    } catch (Throwable error) {
      failed(error, message);
    }
  }

  /** Ends the process because its code threw; throws itself if it has been told to die (P4). */
  protected final void failed(Throwable error, @Nullable Object message) {
    ExitReason reason = reasonOf(error);
    if (!ended) {
      end(reason, message);
    }
  }

  /**
   * Ends the process: terminate, then the report if it is due, then the exit when the handler
   * returns.
   *
   * @param reason what it is to end with
   * @param last the message that was being handled, or null
   */
  protected final void end(ExitReason reason, @Nullable Object last) {
    ended = true;
    ExitReason actual = reason;
    try {
      if (last instanceof Request asked && asked.timeLeft().filter(Duration::isZero).isPresent()) {
        boolean _ = self().takeUp(null); // what is cleaned up now is not limited by its time
      }
      terminate(reason);
    } catch (Throwable error) {
      actual = reasonOf(error);
    }
    if (!actual.isClean()) {
      reportEnd(actual, last);
    }
    finish(actual);
  }

  private void reportEnd(ExitReason reason, @Nullable Object last) {
    Object message =
        switch (last) {
          case Request request -> request.payload();
          case Cast(Object sent) -> sent;
          case null, default -> last;
        };
    Pid caller = last instanceof Request request ? request.caller() : null;
    StatusView view = system.shown(new StatusView(userState(), message, reason, log()));
    Report report = terminated(view, caller, self().info(self().pid()).orElse(null));
    if (report != null) {
      self().report(report);
    }
  }

  private void finish(ExitReason reason) {
    ended = true;
    leave(reason);
  }

  /** Ends the process, from inside {@link #end}: after the handler that is running. */
  protected void leave(ExitReason reason) {
    self().stop(reason);
  }

  /** Why a process ends whose code throws that; throws if this one has been told to die (P4). */
  protected final ExitReason reasonOf(Throwable error) {
    self().checkpoint();
    return switch (error) {
      case ProcessExit exit -> exit.reason();
      case CallFailed failed -> new ExitReason.CallFailure(failed.reason(), failed.call());
      default -> ExitReason.crashed(error);
    };
  }

  // ---- for kinds of behaviours

  /** The operations of this process. */
  protected final Context self() {
    return Objects.requireNonNull(self, "the behaviour has not been started");
  }

  /** Whose exit is the order to stop, or null (G2). */
  protected final @Nullable Pid parent() {
    return parent;
  }

  /** Whether the process has been ended by {@link #end}. */
  protected final boolean ended() {
    return ended;
  }

  /** Whether only system messages and the exit of the parent are handled. */
  protected final boolean suspended() {
    return system.suspended();
  }

  /**
   * Whether events are to be {@link #note}d: ask first, so that nothing is made when they are not.
   */
  protected final boolean noting() {
    return system.noting();
  }

  /** Shows an event to what watches this process: log, statistics, trace, functions (SY9, SY10). */
  protected final void note(SystemEvent event) {
    system.note(event);
  }

  /** The events in the log, oldest first. */
  protected final List<SystemEvent> log() {
    return system.log();
  }

  /** Has the log keep that many events from now on, as {@code Sys.log} does. */
  protected final void keepLog(int size) {
    system.keepLog(size);
  }

  @Override
  public final String describe() {
    return system.suspended() ? module() + ", suspended" : module();
  }
}
