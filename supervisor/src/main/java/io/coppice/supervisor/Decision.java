package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.HandlerLimit;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor is to do next. {@link Start} and {@link Stop} are questions: each is the last
 * of its list, and the event that answers it must be the next one decided about.
 */
sealed interface Decision {
  /** Run a start function; answered by {@link Event.Started}. */
  record Start(ChildStart start, @Nullable Object argument) implements Decision {}

  /** Stop these processes, all at the same time; answered by {@link Event.Stopped}. */
  record Stop(List<Dismissal> children) implements Decision {}

  /** Watch the handlers of a child that has just been started. */
  record Watch(Pid child, HandlerLimit limit) implements Decision {}

  /** Make a report. */
  record Emit(Report report) implements Decision {}

  /** Record a failure of a child, with what was decided. */
  record Note(Failure failure) implements Decision {}

  /**
   * Send this event to oneself: behind the messages that wait if the delay is zero (SU50), else
   * after it.
   */
  record RetryLater(Event.Retry retry, long delayNanos) implements Decision {}

  /** A try that was to come later is not wanted any more; nothing if it has come. */
  record CancelRetry(Ref token) implements Decision {}

  /** The first children run: tell whoever started the supervisor. */
  record Ready() implements Decision {}

  /** Answer the request that is being decided about. */
  record Reply(Object answer) implements Decision {}

  /** End the supervisor; no child is left. */
  record GiveUp(ExitReason reason) implements Decision {}
}
