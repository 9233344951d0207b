package io.coppice.examples.ledger.books;

import io.coppice.behaviours.Call;

/** What the writer can be asked to book. Each may be asked any number of times and happens once. */
public sealed interface Booking extends Call<Booking, Verdict> {
  /**
   * Moves money from one account to another.
   *
   * @param key the idempotency key: transfers with the same key are the same transfer
   * @param from who pays
   * @param to who receives
   * @param amount in the smallest unit of the currency, more than zero
   */
  record Transfer(String key, String from, String to, long amount) implements Booking {
    /** Refuses what can never be booked. */
    public Transfer {
      if (amount <= 0) {
        throw new IllegalArgumentException("the amount is " + amount + ", it must be positive");
      }
      if (from.equals(to)) {
        throw new IllegalArgumentException(from + " cannot pay itself");
      }
    }
  }

  /**
   * Opens an account, with money from the mint.
   *
   * @param account its id, which is its idempotency key too
   * @param deposit what it starts with, zero or more
   */
  record Opening(String account, long deposit) implements Booking {
    /** Refuses what can never be booked. */
    public Opening {
      if (deposit < 0) {
        throw new IllegalArgumentException("the deposit is " + deposit + ", it is negative");
      }
    }
  }
}
