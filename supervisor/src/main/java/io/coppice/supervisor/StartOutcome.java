package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the request to start or restart a child led to (semantics SU15, SU71). */
public sealed interface StartOutcome {
  /**
   * The child runs ({@code {ok, Pid}} or {@code {ok, Pid, Info}}).
   *
   * @param pid the child
   * @param info what its start function had to tell, or null
   */
  record Started(Pid pid, @Nullable Object info) implements StartOutcome {
    /** Refuses a null pid. */
    public Started {
      Objects.requireNonNull(pid, "pid");
    }
  }

  /** The start function answered {@code ignore}: all is well, but no child runs (SU12). */
  record Ignored() implements StartOutcome {}

  /**
   * Nothing was started because the request does not fit.
   *
   * @param why the reason
   */
  record Refused(Refusal why) implements StartOutcome {
    /** Refuses null. */
    public Refused {
      Objects.requireNonNull(why, "why");
    }

    @Override
    public String toString() {
      return "{error, " + why + "}";
    }
  }

  /**
   * A child with that id runs already, or its name is taken ({@code {error, {already_started,
   * Pid}}}).
   *
   * @param running the process that is in the way
   */
  record Running(Pid running) implements StartOutcome {
    /** Refuses null. */
    public Running {
      Objects.requireNonNull(running, "running");
    }

    @Override
    public String toString() {
      return "{error, {already_started, " + running + "}}";
    }
  }

  /**
   * The start function failed ({@code {error, Reason}}).
   *
   * @param reason why
   */
  record Failed(ExitReason reason) implements StartOutcome {
    /** Refuses null. */
    public Failed {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
      return "{error, " + reason + "}";
    }
  }

  /**
   * The child, for callers to whom anything else is a mistake of their own.
   *
   * @return the pid of the child that was started
   * @throws IllegalStateException if none was started; the message says why
   */
  default Pid pid() {
    return switch (this) {
      case Started(Pid pid, _) -> pid;
      case Ignored() -> throw new IllegalStateException("No child was started: it was ignored.");
      case Refused(Refusal why) ->
          throw new IllegalStateException("No child was started (" + why + "): " + why.describe());
      case Running(Pid running) ->
          throw new IllegalStateException(
              "No child was started (already_started): " + running + " is in its place.");
      case Failed(ExitReason reason) ->
          throw new IllegalStateException(
              "No child was started (" + reason + "): " + reason.describe());
    };
  }
}
