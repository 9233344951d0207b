package io.coppice.kernel.process;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call as its receiver sees it: what was asked, and the way to answer (semantics G20–G26).
 *
 * <p>The answer goes straight to the waiting caller, not through its mailbox (P17). The first
 * answer counts, later ones and those after the caller's time-out are dropped (G23, G25). When the
 * process that received the request ends without an answer, the caller's call fails with that
 * process's exit reason. Any process or thread may answer.
 */
public interface Request extends Ref {
  /**
   * What the caller sent.
   *
   * @return the payload of the call
   */
  Object payload();

  /**
   * The process that is waiting.
   *
   * @return the caller, or null if the call was made from a thread outside of the node's processes
   */
  @Nullable Pid caller();

  /**
   * Answers. Never throws and never blocks.
   *
   * @param answer the result of the call; null is allowed
   * @return whether this answer is the one the caller gets
   */
  boolean reply(@Nullable Object answer);

  /**
   * Makes the caller's call fail. Never throws and never blocks.
   *
   * @param reason the reason the caller's {@link CallFailed} will carry
   * @return whether this is the outcome the caller gets
   */
  boolean fail(ExitReason reason);

  /**
   * Whether the outcome is settled: answered, failed, or given up by the caller.
   *
   * @return true if a reply would have no effect any more
   */
  boolean isSettled();

  /**
   * What is left of the time for which the caller waits: for what is done on its behalf elsewhere,
   * say as the time-out of an HTTP request. The time-out of a call travels with its request, also
   * when the request is kept for later or handed to another process. Reads the clock.
   *
   * @return zero or more; zero when the caller has given up. Empty if it waits as long as it takes,
   *     or does not wait in the call itself ({@link Context#sendRequest}, {@link
   *     Processes#request}).
   */
  Optional<Duration> timeLeft();

  /**
   * Says that the answer is left for later, or to somebody else, so that whoever asked may get it
   * although the process that was asked waits (N5): from now on that wait closes no {@linkplain
   * ExitReason.CallCycle call cycle} with this request in it. To be said before the receiver waits
   * for anything. Changes nothing else; never throws and never blocks.
   *
   * <p>The kernel knows it of a request whose receiver has received the next message, or has sent
   * the request itself to somebody; the behaviours know it of what is not answered in their
   * callback. What is left to say is: this request was given away inside of something else, and
   * what handles it goes on with calls of its own.
   */
  void defer();
}
