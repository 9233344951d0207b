package io.coppice.examples.ledger.books;

import io.coppice.examples.ledger.books.Booking.Transfer;

/** What came of a {@link Booking}. */
public sealed interface Verdict permits Verdict.Booked, Verdict.Opened, Verdict.Refused, NotNow {
  /**
   * The money has moved, and that is on the disk.
   *
   * @param transfer what was asked
   * @param at when it was booked first, in milliseconds since 1970
   * @param replayed whether it had been booked before
   */
  record Booked(Transfer transfer, long at, boolean replayed) implements Verdict {}

  /**
   * The account is there.
   *
   * @param account its id
   * @param deposit what it was opened with
   * @param replayed whether it had been opened before
   */
  record Opened(String account, long deposit, boolean replayed) implements Verdict {}

  /**
   * Nothing has changed, and asking again would not help.
   *
   * @param reason why
   * @param message the reason for humans
   */
  record Refused(Refusal reason, String message) implements Verdict {}

  /** Why a booking was refused. */
  enum Refusal {
    /** One of the accounts does not exist. */
    UNKNOWN_ACCOUNT,
    /** The account has less money than it was to pay. */
    OVERDRAFT,
    /** The key belongs to another transfer. */
    KEY_REUSED,
    /** The account exists and was opened with another deposit. */
    ACCOUNT_EXISTS
  }
}
