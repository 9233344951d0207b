package io.coppice.behaviours.application;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.Objects;

/**
 * What {@link Application#start} returns (semantics AP4).
 *
 * @param <S> the state of the application
 */
public sealed interface Startup<S> {
  /**
   * The application is up ({@code {ok, Pid, State}}).
   *
   * @param top its top supervisor, whose end is the end of the application
   * @param state what {@code prepStop} gets, and {@code Application.stop} after it
   * @param <S> the state of the application
   */
  record Up<S>(Pid top, S state) implements Startup<S> {
    /** Refuses null. */
    public Up {
      Objects.requireNonNull(top, "top");
      Objects.requireNonNull(state, "state");
    }
  }

  /**
   * The application cannot be started ({@code {error, Reason}}).
   *
   * @param reason why
   * @param <S> the state of the application
   */
  record Failed<S>(ExitReason reason) implements Startup<S> {
    /** Refuses null. */
    public Failed {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The application is up, and its top supervisor is all the state it has.
   *
   * @param top its top supervisor
   * @return the result
   */
  static Startup<Pid> ok(Pid top) {
    return new Up<>(top, top);
  }

  /**
   * The application is up.
   *
   * @param top its top supervisor
   * @param state what {@code prepStop} gets, and {@code Application.stop} after it
   * @param <S> the state of the application
   * @return the result
   */
  static <S> Startup<S> ok(Pid top, S state) {
    return new Up<>(top, state);
  }

  /**
   * The application cannot be started.
   *
   * @param reason why
   * @param <S> the state of the application
   * @return the result
   */
  static <S> Startup<S> failed(ExitReason reason) {
    return new Failed<>(reason);
  }
}
