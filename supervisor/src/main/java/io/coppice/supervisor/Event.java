package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Supervision} decides about. Those that clients ask for are the payloads of requests.
 */
sealed interface Event {
  /** The first event: start the children. */
  record Boot() implements Event {}

  /**
   * A linked process ended; not necessarily a child.
   *
   * @param handling the class of the message it was at, if it failed and that is known
   */
  record Exited(Pid pid, ExitReason reason, @Nullable String handling) implements Event {
    Exited(Pid pid, ExitReason reason) {
      this(pid, reason, null);
    }
  }

  /** The parent ended, or somebody asked for the end (SU20, SU77). */
  record Stop(ExitReason reason) implements Event {}

  /**
   * A child is due to be started again, unless it awaits no such try any more (SU50).
   *
   * @param counted whether the restart has been counted already; if not, the try counts (SU51)
   */
  record Retry(Child child, Ref token, boolean counted) implements Event {}

  /** The answer to {@link Decision.Start}. */
  record Started(StartResult result) implements Event {}

  /** The answer to {@link Decision.Stop}: why each child ended, in the same order. */
  record Stopped(List<ExitReason> reasons) implements Event {}

  /** Somebody asks for a change of the children and awaits a {@link Decision.Reply}. */
  sealed interface Asked extends Event {}

  record StartChild(ChildSpec spec) implements Asked {}

  /**
   * A child of the template.
   *
   * @param restart what holds for it in place of what the template says, or null
   */
  record StartDynamic(@Nullable Object argument, @Nullable Restart restart) implements Asked {
    StartDynamic(@Nullable Object argument) {
      this(argument, null);
    }
  }

  record TerminateChild(String id) implements Asked {}

  record TerminatePid(Pid pid) implements Asked {}

  record RestartChild(String id) implements Asked {}

  /** The same for a dynamic child, by the last pid it had. */
  record RestartPid(Pid pid) implements Asked {}

  record DeleteChild(String id) implements Asked {}

  record Upgrade(SupervisorSpec spec) implements Event {}
}
