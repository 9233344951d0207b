package io.coppice.bench.latency;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A server that counts, and a client of it, which makes one call after another. Both, and the loops
 * that disturb them, are of one kind: processes, threads, actors. All with their defaults.
 */
interface Contender extends AutoCloseable {
  /**
   * Has the client make a call; does not wait for it.
   *
   * @param call told when the answer has come
   */
  void call(Due call);

  /**
   * Starts loops that compute and never look up.
   *
   * @param count how many
   * @param loop the code of each
   */
  void hogs(int count, Runnable loop);

  /** Threads that were started in place of those that the loops keep, if it does such a thing. */
  default OptionalInt extraThreads() {
    return OptionalInt.empty();
  }

  /** What went wrong in it, if it knows. */
  default Optional<String> failure() {
    return Optional.empty();
  }

  @Override
  void close();

  /**
   * A call that is to be made.
   *
   * @param calls those of the phase
   * @param number its number among them
   */
  record Due(Calls calls, int number) {
    /** The server has answered: this is the count. */
    void answered(int value) {
      calls.answered(number, value, System.nanoTime());
    }
  }
}
