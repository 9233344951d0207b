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

  /** A linked process ended; not necessarily a child. */
  record Exited(Pid pid, ExitReason reason) implements Event {}

  /** The parent ended, or somebody asked for the end (SU20, SU77). */
  record Stop(ExitReason reason) implements Event {}

  /**
   * A failed restart is due to be tried again, unless the child awaits no such try any more (SU50).
   */
  record Retry(Child child, Ref token) implements Event {}

  /** The answer to {@link Decision.Start}. */
  record Started(StartResult result) implements Event {}

  /** The answer to {@link Decision.Stop}: why each child ended, in the same order. */
  record Stopped(List<ExitReason> reasons) implements Event {}

  /** Somebody asks for a change and awaits a {@link Decision.Reply}. */
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

  record DeleteChild(String id) implements Asked {}

  record Upgrade(SupervisorSpec spec) implements Asked {}
}
