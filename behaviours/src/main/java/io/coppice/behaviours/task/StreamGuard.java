package io.coppice.behaviours.task;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Timeout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The process that starts the tasks of one {@link TaskStream} for its consumer, and outlives no
 * consumer. Each element comes as a request, whose answer is a {@link TaskResult}; why it is there
 * at all stands in {@link TaskStream}.
 *
 * <p>An element is answered when the process of its task has ended, not when its result is there:
 * so that never more than the allowed number are alive. The guard knows the end by a monitor, since
 * those are told after all links: whoever supervises the task has heard of its end by then, and has
 * room for the next one.
 */
final class StreamGuard<A extends @Nullable Object, B extends @Nullable Object>
    implements Reactive {
  /** Asks for a task. */
  record Work(@Nullable Object input) {}

  /** Asks for the end of all tasks; answered when they have ended. */
  enum Close {
    CLOSE
  }

  /** Says that no more is wanted. */
  enum Done {
    DONE
  }

  /** What a stream is about. */
  record Plan<A extends @Nullable Object, B extends @Nullable Object>(
      Pid consumer,
      boolean consumerTrapsExits,
      List<Pid> callers,
      TaskFunction<? super A, B> code,
      StreamOptions options) {}

  /** What the task for one element computes; so that the task is called after both. */
  record Step<A extends @Nullable Object, B extends @Nullable Object>(
      TaskFunction<? super A, B> code, A input) implements TaskBody<B> {
    @Override
    public B run(Context self) throws Exception {
      return code.apply(self, input);
    }
  }

  /** An element under way. */
  private static final class Running<B extends @Nullable Object> {
    final Task<B> task;
    final Request asked;
    @Nullable Ref timer;
    @Nullable TaskResult<B> result;
    boolean ended;
    boolean late;

    Running(Task<B> task, Request asked) {
      this.task = task;
      this.asked = asked;
    }

    Pid pid() {
      return task.pid().orElseThrow();
    }
  }

  private final Plan<A, B> plan;
  private final boolean sharesCrashes;
  private final Map<Ref, Running<B>> byTask = new HashMap<>(); // until the result has come
  private final Map<Ref, Running<B>> byMonitor = new HashMap<>(); // until the process has ended
  private final Set<Pid> linked = new HashSet<>(); // until the exit has come
  private @Nullable Request closing;

  StreamGuard(Plan<A, B> plan) {
    this.plan = plan;
    this.sharesCrashes = plan.options().linksConsumer() && !plan.consumerTrapsExits();
  }

  /** Starts one for the process that calls. */
  static <A extends @Nullable Object, B extends @Nullable Object> Pid start(
      Context consumer, TaskFunction<? super A, B> code, StreamOptions options) {
    boolean traps = consumer.info(consumer.pid()).map(ProcessInfo::trapExit).orElse(false);
    Plan<A, B> plan =
        new Plan<>(consumer.pid(), traps, TaskProcess.callersOfTaskOf(consumer), code, options);
    return consumer.spawn(
        new StreamGuard<>(plan),
        SpawnOptions.DEFAULT.initialCall("the guard of a TaskStream of " + consumer.pid()));
  }

  @Override
  public void onStart(Context self) {
    self.trapExit(true);
    self.monitor(plan.consumer());
  }

  @Override
  public void onMessage(Context self, Object message) {
    switch (message) {
      case Request asked when asked.payload() instanceof Work(var input) ->
          begin(self, asked, input);
      case Request asked when asked.payload() == Close.CLOSE -> {
        closing = asked;
        killAll(self);
        endIfAlone(self);
      }
      case Done _ -> endWithAll(self, ExitReason.NORMAL);
      case Response response -> settled(self, response);
      case Timeout(_, Ref task) -> late(self, task);
      case Exit(Pid from, _) when linked.remove(from) -> {}
      case Exit(_, ExitReason order) -> endWithAll(self, order);
      case Down(Ref monitor, _, _) -> down(self, monitor);
      default -> {} // nobody else knows the guard
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the consumer's source gives elements of type A
  private void begin(Context self, Request asked, @Nullable Object input) {
    TaskFunction<? super A, B> code = plan.code();
    Task<B> task = start(self, new Step<>(code, (A) input));
    Running<B> running = new Running<>(task, asked);
    linked.add(running.pid());
    byTask.put(task.ref(), running);
    byMonitor.put(self.monitor(running.pid()), running);
    var timeout = plan.options().timeout();
    if (timeout != null) {
      running.timer = self.startTimer(timeout, self.pid(), task.ref());
    }
  }

  private Task<B> start(Context self, TaskBody<B> body) {
    StreamOptions.Home home = plan.options().home();
    return home == null
        ? Task.async(self, plan.callers(), body)
        : home.supervisor().async(self, plan.callers(), body, true);
  }

  private void settled(Context self, Response response) {
    Running<B> running = byTask.remove(response.ref());
    if (running != null) {
      if (running.timer != null) {
        self.dropTimer(running.timer);
      }
      running.result = running.task.taken(response);
      answerIfEnded(self, running);
    }
  }

  private void down(Context self, Ref monitor) {
    Running<B> running = byMonitor.remove(monitor);
    if (running == null) {
      endWithAll(self, ExitReason.NORMAL); // the consumer has ended
    } else {
      running.ended = true;
      answerIfEnded(self, running);
      endIfAlone(self);
    }
  }

  private void answerIfEnded(Context self, Running<B> running) {
    TaskResult<B> result = running.result;
    if (result == null || !running.ended) {
      return;
    }
    if (!(result instanceof TaskResult.Failed<B>(ExitReason reason, _)) || closing != null) {
      running.asked.reply(result);
    } else if (running.late) {
      running.asked.reply(new TaskResult.Failed<B>(ExitReason.TIMEOUT));
    } else if (sharesCrashes && !(reason instanceof ExitReason.Normal)) {
      self.exit(plan.consumer(), reason); // what the link with the task would do
      running.asked.fail(reason);
      endWithAll(self, ExitReason.NORMAL);
    } else {
      running.asked.reply(result);
    }
  }

  /** A task has used up its time. */
  private void late(Context self, Ref task) {
    Running<B> running = byTask.get(task);
    if (running == null) {
      return; // its result came first
    }
    running.timer = null;
    if (plan.options().killLate()) {
      running.late = true;
      self.exit(running.pid(), ExitReason.KILL);
    } else {
      running.asked.fail(ExitReason.TIMEOUT); // the consumer will close the stream
    }
  }

  private void killAll(Context self) {
    for (Running<B> running : byMonitor.values()) {
      if (running.timer != null) {
        self.dropTimer(running.timer);
      }
      self.exit(running.pid(), ExitReason.KILL);
    }
  }

  private void endWithAll(Context self, ExitReason reason) {
    killAll(self);
    self.stop(reason);
  }

  private void endIfAlone(Context self) {
    Request asked = closing;
    if (asked != null && byMonitor.isEmpty()) {
      self.stop(ExitReason.NORMAL);
      asked.reply(Close.CLOSE);
    }
  }
}
