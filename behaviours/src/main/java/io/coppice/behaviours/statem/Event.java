package io.coppice.behaviours.statem;

import io.coppice.kernel.process.Request;
import java.util.Objects;

/**
 * What a state machine handles, one at a time (semantics SM3). Immutable.
 *
 * <p>The enter call of a state is none of them: it has callbacks of its own (SM31).
 *
 * @param <M> the protocol of the machine
 */
public sealed interface Event<M> {
  /**
   * A client asks and waits.
   *
   * @param request what it asks, a {@code Call}
   * @param from the way to answer, now or later, from here or elsewhere
   * @param <M> the protocol of the machine
   */
  record Call<M>(M request, Request from) implements Event<M> {
    /** Refuses null. */
    public Call {
      Objects.requireNonNull(request, "request");
      Objects.requireNonNull(from, "from");
    }
  }

  /**
   * A client sent something that wants no answer.
   *
   * @param message what it sent
   * @param <M> the protocol of the machine
   */
  record Cast<M>(M message) implements Event<M> {
    /** Refuses null. */
    public Cast {
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * Any other message: {@code Exit}, {@code Down}, {@code Timeout} of a timer of one's own, {@code
   * Response}, and what others merely sent.
   *
   * @param message the message
   * @param <M> the protocol of the machine
   */
  @SuppressWarnings("AvoidCommonTypeNames") // OTP calls it so; ProcessHandle.Info is far away
  record Info<M>(Object message) implements Event<M> {
    /** Refuses null. */
    public Info {
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * The machine told itself, with {@link Action#internal}; it can come from nowhere else (SM40).
   *
   * @param content what was given there
   * @param <M> the protocol of the machine
   */
  record Internal<M>(Object content) implements Event<M> {
    /** Refuses null. */
    public Internal {
      Objects.requireNonNull(content, "content");
    }
  }

  /**
   * No event has come for some time (SM20).
   *
   * @param content what was given to {@link Action#eventTimeout}
   * @param <M> the protocol of the machine
   */
  record EventTimeout<M>(Object content) implements Event<M> {
    /** Refuses null. */
    public EventTimeout {
      Objects.requireNonNull(content, "content");
    }
  }

  /**
   * The state has not changed for some time (SM21).
   *
   * @param content what was given to {@link Action#stateTimeout}
   * @param <M> the protocol of the machine
   */
  record StateTimeout<M>(Object content) implements Event<M> {
    /** Refuses null. */
    public StateTimeout {
      Objects.requireNonNull(content, "content");
    }
  }

  /**
   * Some time has passed, whatever happened meanwhile (SM22).
   *
   * @param name the name of the timeout
   * @param content what was given to {@link Action#timeout}
   * @param <M> the protocol of the machine
   */
  record Timeout<M>(Object name, Object content) implements Event<M> {
    /** Refuses null. */
    public Timeout {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(content, "content");
    }
  }
}
