package io.coppice.behaviours.application;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The process above all others of one life of an application (semantics AP6): what is below it
 * belongs to the application. It runs no code of the application's, so that it is there as long as
 * anything of it, and ends when nothing of it is left.
 */
final class Master implements Reactive {
  private final Pid controller;
  private final Runner.Work work;
  private @Nullable Pid runner;
  private @Nullable Note last;
  private boolean up;
  private boolean aborted;

  Master(Pid controller, Runner.Work work) {
    this.controller = controller;
    this.work = work;
  }

  @Override
  public void onStart(Context self) {
    self.trapExit(true);
    String name = "callbacks of application " + work.spec().name();
    runner =
        self.spawn(new Runner(self.pid(), work), SpawnOptions.DEFAULT.link().initialCall(name));
  }

  @Override
  public void onMessage(Context self, Object message) {
    Pid callbacks = Objects.requireNonNull(runner);
    switch (message) {
      case Note.Up note -> {
        up = true;
        tell(self, note);
      }
      case Note note -> last = note; // its exit is on the way
      case Order.Stop() -> stop(self, callbacks);
      case Order.Abort() -> abort(self, callbacks);
      case Exit(Pid from, ExitReason reason) when from.equals(callbacks) -> over(self, reason);
      case Exit(Pid from, _) when from.equals(controller) -> stop(self, callbacks);
      case Request request -> request.fail(ExitReason.of("an application's master answers nobody"));
      default -> {} // an exit signal of somebody who is not its parent
    }
  }

  private void stop(Context self, Pid callbacks) {
    if (up) {
      self.send(callbacks, new Order.Stop());
    } else {
      abort(self, callbacks);
    }
  }

  private void abort(Context self, Pid callbacks) {
    aborted = true;
    self.exit(callbacks, ExitReason.KILL);
  }

  /** The runner has ended. */
  private void over(Context self, ExitReason reason) {
    killRest(self);
    tell(self, last != null ? last : noteOf(reason));
    self.stop(ExitReason.NORMAL);
  }

  private Note noteOf(ExitReason reason) {
    if (up) {
      return new Note.Ended(reason);
    }
    String name = work.spec().name();
    return new Note.Failed(
        aborted
            ? new ApplicationProblem.Aborted(name)
            : new ApplicationProblem.Crashed(name, "start", reason));
  }

  private void tell(Context self, Note note) {
    self.send(controller, new Note.Of(self.pid(), Objects.requireNonNull(runner), note));
  }

  /** Kills what has outlived the tree, until there is nothing: it may be spawning all the time. */
  private static void killRest(Context self) {
    Set<Ref> dying = new HashSet<>();
    do {
      while (!dying.isEmpty()) {
        Down down = (Down) self.receive(m -> m instanceof Down d && dying.contains(d.ref()));
        dying.remove(down.ref());
      }
      for (Pid pid : self.processes()) {
        if (self.isBelow(pid, self.pid())) {
          dying.add(self.monitor(pid));
          self.exit(pid, ExitReason.KILL);
        }
        self.checkpoint();
      }
    } while (!dying.isEmpty());
  }

  @Override
  public String describe() {
    return "application " + work.spec().name();
  }
}
