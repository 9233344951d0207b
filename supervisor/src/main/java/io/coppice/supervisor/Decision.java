package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
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
  record Stop(List<Pid> pids, Shutdown how) implements Decision {}

  /** Make a report. */
  record Emit(Report report) implements Decision {}

  /** Send this event to oneself, behind the messages that wait (SU50). */
  record RetryLater(Event.Retry retry) implements Decision {}

  /** The first children run: tell whoever started the supervisor. */
  record Ready() implements Decision {}

  /** Answer the request that is being decided about. */
  record Reply(Object answer) implements Decision {}

  /** End the supervisor; no child is left. */
  record GiveUp(ExitReason reason) implements Decision {}
}
