package io.coppice.examples.ledger;

import io.coppice.examples.ledger.books.Database;
import java.time.Duration;

/**
 * How to run a ledger.
 *
 * @param database where the books are
 * @param port to listen on, 0 for any that is free
 * @param chaosRate processes killed per second, 0 for none
 * @param chaosRound within which time chaos kills one of each role
 * @param writesMax transfers that may wait for the writer; further ones get 503
 * @param connectionsMax connections at a time; further ones get 503
 * @param seed of the random numbers
 */
record LedgerOptions(
    Database database,
    int port,
    double chaosRate,
    Duration chaosRound,
    int writesMax,
    int connectionsMax,
    long seed) {
  static LedgerOptions of(Database database) {
    return new LedgerOptions(database, 0, 0, Duration.ofSeconds(10), 512, 1024, 1);
  }

  LedgerOptions listeningOn(int number) {
    return new LedgerOptions(
        database, number, chaosRate, chaosRound, writesMax, connectionsMax, seed);
  }

  LedgerOptions withChaos(double killsPerSecond, Duration firstRound, long randomSeed) {
    return new LedgerOptions(
        database, port, killsPerSecond, firstRound, writesMax, connectionsMax, randomSeed);
  }

  LedgerOptions withWritesMax(int value) {
    return new LedgerOptions(database, port, chaosRate, chaosRound, value, connectionsMax, seed);
  }
}
