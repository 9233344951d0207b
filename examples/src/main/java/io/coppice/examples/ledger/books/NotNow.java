package io.coppice.examples.ledger.books;

/**
 * The answer of a process whose database is gone. Whether a booking happened is not known: ask
 * again, with the same key.
 *
 * @param why the reason for humans
 */
public record NotNow(String why) implements Verdict, Question.Answer {}
