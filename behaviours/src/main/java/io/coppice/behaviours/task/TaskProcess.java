package io.coppice.behaviours.task;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process of a task, and all that has to be known to start it: also the argument that a
 * supervisor starts it from.
 *
 * @param code what it computes
 * @param callers who asked for it, nearest first (TK8)
 * @param reply who wants the result
 * @param owner the one who is going to ask for the result; null if nobody is
 */
record TaskProcess(TaskBody<?> code, List<Pid> callers, Wanted reply, @Nullable Pid owner)
    implements ProcessBody {
  /** Whether somebody wants the result. */
  enum Wanted {
    /** Nobody does. */
    NO,
    /** The owner does, whose link ends this process should it end before it has asked. */
    BY_LINKED,
    /** The owner does, of whose end nothing tells this process. */
    BY_UNLINKED
  }

  /** The request whose answer is the result. */
  enum Begin {
    BEGIN
  }

  /** A task whose result nobody wants. */
  static TaskProcess forNobody(Processes from, TaskBody<?> code) {
    List<Pid> callers = from instanceof Context self ? callersOfTaskOf(self) : List.of();
    return new TaskProcess(code, callers, Wanted.NO, null);
  }

  /** A task whose result a process is going to ask for. */
  static TaskProcess forOwner(Context owner, List<Pid> callers, TaskBody<?> code, Wanted wanted) {
    return new TaskProcess(code, callers, wanted, owner.pid());
  }

  /** What {@link Task#callers} is to say in a task that a process starts. */
  static List<Pid> callersOfTaskOf(Context self) {
    List<Pid> known = Task.callers(self);
    List<Pid> all = new ArrayList<>(known.size() + 1);
    all.add(self.pid());
    all.addAll(known);
    return List.copyOf(all);
  }

  /** A task is known by the class of its code; one of a stream by its element, too. */
  SpawnOptions options() {
    if (code instanceof StreamGuard.Step<?, ?>(TaskFunction<?, ?> function, var input)) {
      SpawnOptions named = called(function);
      return input == null ? named : named.label(input);
    }
    return called(code);
  }

  private static SpawnOptions called(Object code) {
    return SpawnOptions.DEFAULT.initialCall("task " + code.getClass().getName());
  }

  @Override
  public void run(Context self) throws Exception {
    self.put(Task.CALLERS, callers);
    if (reply == Wanted.NO) {
      code.run(self);
      return;
    }
    Request asked = asked(self);
    if (asked != null) {
      asked.reply(code.run(self));
    }
  }

  /** Waits for the owner's request; null if the owner has ended before it could ask. */
  private @Nullable Request asked(Context self) {
    if (reply == Wanted.BY_LINKED || owner == null) {
      return (Request) self.receive(TaskProcess::isBegin);
    }
    Ref watch = self.monitor(owner);
    Object first =
        self.receive(m -> isBegin(m) || (m instanceof Down down && down.ref().equals(watch)));
    if (first instanceof Request asked) {
      self.demonitorFlush(watch);
      return asked;
    }
    return null;
  }

  private static boolean isBegin(Object message) {
    return message instanceof Request request && request.payload() == Begin.BEGIN;
  }
}
