package io.coppice.behaviours.application;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process that runs the callbacks of one life of an application, and is the parent of its top
 * supervisor. See {@link Controller} for who does what.
 */
final class Runner implements Reactive {
  private final Pid master;
  private final Work work;
  private @Nullable Life<?> life;

  /** What is to be started. */
  record Work(ApplicationSpec spec, Environment environment, List<PhaseStep> steps) {}

  Runner(Pid master, Work work) {
    this.master = master;
    this.work = work;
  }

  @Override
  public void onStart(Context self) {
    self.trapExit(true);
    try {
      Life<?> begun = Life.begin(self, work.spec(), work.environment(), work.steps());
      life = begun;
      self.send(master, new Note.Up(begun.top()));
    } catch (ApplicationException failed) {
      self.send(master, new Note.Failed(failed.problem()));
      self.stop(ExitReason.NORMAL);
    }
  }

  @Override
  public void onMessage(Context self, Object message) {
    Life<?> current = life;
    if (current == null) {
      return; // it did not start, and is about to end
    }
    switch (message) {
      case Order.Stop() -> end(self, current, null);
      case Exit(Pid from, ExitReason reason) when current.isTop(from) -> end(self, current, reason);
      case Exit(Pid from, _) when from.equals(master) -> end(self, current, null);
      case Request request -> answer(self, current, request);
      default -> {} // what a callback has left behind: the end of a helper, a late answer
    }
  }

  private void end(Context self, Life<?> current, @Nullable ExitReason known) {
    ExitReason reason = current.end(self, known);
    life = null;
    self.send(master, new Note.Ended(reason));
    self.stop(ExitReason.NORMAL);
  }

  private void answer(Context self, Life<?> current, Request request) {
    if (!(request.payload() instanceof Order.Change(ConfigChange change))) {
      request.fail(ExitReason.of("the process of an application's callbacks answers to nobody"));
      return;
    }
    try {
      current.change(self, change);
      request.reply(null);
    } catch (ApplicationException failed) {
      request.reply(failed.problem());
    }
  }

  @Override
  public String describe() {
    return "callbacks of application " + work.spec().name();
  }
}
