package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.Objects;

/** What a {@link ChildStart} answers (semantics SU11). */
public sealed interface StartResult {
  /**
   * The child runs and is linked with the supervisor ({@code {ok, Pid}}).
   *
   * @param pid the child
   */
  record Ok(Pid pid) implements StartResult {
    /** Refuses null. */
    public Ok {
      Objects.requireNonNull(pid, "pid");
    }
  }

  /**
   * The child runs, and there is something to tell whoever asked for it ({@code {ok, Pid, Info}}).
   *
   * @param pid the child
   * @param info for the caller of {@code startChild} or {@code restartChild}; the supervisor does
   *     not keep it
   */
  record OkInfo(Pid pid, Object info) implements StartResult {
    /** Refuses null. */
    public OkInfo {
      Objects.requireNonNull(pid, "pid");
      Objects.requireNonNull(info, "info");
    }
  }

  /** There is no child to start, and that is no failure ({@code ignore}, SU12). */
  record Ignored() implements StartResult {}

  /**
   * The child could not be started ({@code {error, Reason}}).
   *
   * @param reason why
   */
  record Failed(ExitReason reason) implements StartResult {
    /** Refuses null. */
    public Failed {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The child runs.
   *
   * @param pid the child, linked with the supervisor
   * @return {@link Ok}
   */
  static StartResult ok(Pid pid) {
    return new Ok(pid);
  }

  /**
   * The child runs, with something to tell.
   *
   * @param pid the child, linked with the supervisor
   * @param info for the caller
   * @return {@link OkInfo}
   */
  static StartResult ok(Pid pid, Object info) {
    return new OkInfo(pid, info);
  }

  /**
   * There is no child to start.
   *
   * @return {@link Ignored}
   */
  static StartResult ignored() {
    return new Ignored();
  }

  /**
   * The child could not be started.
   *
   * @param reason why
   * @return {@link Failed}
   */
  static StartResult failed(ExitReason reason) {
    return new Failed(reason);
  }
}
