package io.coppice.examples.ledger;

import java.time.Duration;

/**
 * How much chaos there is to be.
 *
 * @param rate processes killed per second, 0 for none
 * @param firstRound within which time one of each role is killed
 * @param seed of the random numbers
 */
record ChaosPlan(double rate, Duration firstRound, long seed) {
  static final ChaosPlan NONE = new ChaosPlan(0, Duration.ofSeconds(10), 1);
}
