package io.coppice.examples.ledger.load;

import java.util.random.RandomGenerator;

/**
 * What the clients are to do.
 *
 * @param port of the ledger, on the loopback interface
 * @param clients how many at a time, each with one request under way; 1 to 256
 * @param accounts between how many accounts money moves; 2 or more
 * @param runId tells the keys of this run from those of others
 * @param seed of the random numbers
 */
public record LoadPlan(int port, int clients, int accounts, String runId, long seed) {
  /** What each account is opened with. */
  static final long DEPOSIT = 10_000;

  String account(int number) {
    return "acct-" + number;
  }

  String account(RandomGenerator random) {
    return account(random.nextInt(accounts));
  }

  String accountBut(String other, RandomGenerator random) {
    String account = account(random);
    return account.equals(other) ? accountBut(other, random) : account;
  }
}
