package io.coppice.bench.suite;

/** A failure that belongs to the work: an ordinary exception, with its stack trace. */
public final class Boom extends RuntimeException {
  private static final long serialVersionUID = 1;

  Boom() {
    super("boom");
  }
}
