package io.coppice.kernel.process;

/**
 * What a process makes of the deadlines of the requests that it gets. The deadline of a call is
 * when its time-out is over; it travels with the {@link Request}, whatever the receiver does with
 * it. Set by {@link SpawnOptions#deadlines}.
 *
 * <p>Nobody waits for the answer to an <i>expired</i> request: its deadline has passed, or its
 * caller has given up otherwise ({@link Context#abandon}, a future that was cancelled or completed
 * by somebody else, the end of the calling process). A request without a time-out has no deadline.
 * Neither have requests that nobody waits for in the call itself ({@link Context#sendRequest},
 * {@link Processes#request}): they expire when they are given up.
 */
public enum Deadlines {
  /**
   * Every request is handled, expired or not: what OTP does (G24), and the default. Work that has
   * effects is done also if the client has lost patience; a server that has fallen behind goes on
   * working for clients that have left.
   */
  IGNORE,

  /**
   * An expired request is dropped unrun when its turn comes, so that a server that has fallen
   * behind works for those who still wait. Each is counted ({@link Undelivered#EXPIRED}) and told
   * in the node's summary. Only requests whose payload is a {@link StandingOrder}, and those of
   * {@link Processes#start}, are run nevertheless. A call with time-out zero expires at once.
   *
   * <p>Costs a reading of the clock for each request with a deadline.
   */
  DROP,

  /**
   * As {@link #DROP}, and what is left is handed down: a call that this process makes while it
   * handles a request that it has not answered takes no longer than the caller of that request
   * waits, whatever time-out it has itself. It then fails with {@code timeout}, and is not even
   * sent if nothing is left.
   *
   * <p>So an impatient client can make the calls of this process fail: its code is to be ready for
   * {@link CallFailed}, which ends a process that does not catch it. Starts, asynchronous requests
   * and waits that are no calls keep their own time-outs, and so do the calls of a behaviour's
   * {@code terminate} once the client's time is over.
   */
  PASS_ON
}
