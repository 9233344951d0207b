package io.coppice.behaviours;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for an answer, with the type of the answer: to keep in a state, or to hand to another
 * process that is going to reply (semantics G25, GS8).
 *
 * <p>The first reply counts; later ones and those to a caller that has given up are dropped. Any
 * process or thread may reply.
 *
 * @param request the request that is to be answered
 * @param <R> the type of the answer
 */
public record From<R extends @Nullable Object>(Request request) {
  /**
   * Takes it that the answer comes later ({@link Request#defer}): a process that makes this before
   * it calls somebody is no part of a call cycle with this request.
   */
  public From {
    request.defer();
  }

  /**
   * Binds a request to the type its call has.
   *
   * @param call what was asked, the payload of the request
   * @param request the way to answer it
   * @param <R> the type of the answer
   * @return who waits for it
   */
  public static <R extends @Nullable Object> From<R> of(Call<?, R> call, Request request) {
    assert call.equals(request.payload()) : call + " is not what " + request + " asks";
    return new From<>(request);
  }

  /**
   * Answers. Never throws and never blocks.
   *
   * @param answer the answer
   * @return whether this answer is the one the caller gets
   */
  public boolean reply(R answer) {
    return request.reply(answer);
  }

  /**
   * Makes the caller's call fail. Never throws and never blocks.
   *
   * @param reason the reason its {@code CallFailed} will carry
   * @return whether this is the outcome the caller gets
   */
  public boolean fail(ExitReason reason) {
    return request.fail(reason);
  }

  /**
   * What is left of the time for which the caller waits. Reads the clock.
   *
   * @return as {@link Request#timeLeft}
   */
  public Optional<Duration> timeLeft() {
    return request.timeLeft();
  }
}
