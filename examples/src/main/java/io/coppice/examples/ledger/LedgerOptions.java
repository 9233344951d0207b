package io.coppice.examples.ledger;

import io.coppice.examples.ledger.books.Database;
import java.time.Duration;

/**
 * How to run a ledger. Immutable; each method returns a changed copy.
 *
 * @param database where the books are
 * @param port to listen on, 0 for any that is free
 * @param chaos how much of it
 * @param writesMax transfers that may wait for the writer; further ones get 503
 * @param connectionsMax connections at a time; further ones get 503
 * @param accountRest how long nobody must ask for an account before its process ends
 */
record LedgerOptions(
    Database database,
    int port,
    ChaosPlan chaos,
    int writesMax,
    int connectionsMax,
    Duration accountRest) {
  static LedgerOptions of(Database database) {
    return new LedgerOptions(database, 0, ChaosPlan.NONE, 512, 1024, Duration.ofSeconds(60));
  }

  LedgerOptions port(int value) {
    return new LedgerOptions(database, value, chaos, writesMax, connectionsMax, accountRest);
  }

  LedgerOptions chaos(ChaosPlan value) {
    return new LedgerOptions(database, port, value, writesMax, connectionsMax, accountRest);
  }

  LedgerOptions writesMax(int value) {
    return new LedgerOptions(database, port, chaos, value, connectionsMax, accountRest);
  }

  LedgerOptions connectionsMax(int value) {
    return new LedgerOptions(database, port, chaos, writesMax, value, accountRest);
  }

  LedgerOptions accountRest(Duration value) {
    return new LedgerOptions(database, port, chaos, writesMax, connectionsMax, value);
  }
}
