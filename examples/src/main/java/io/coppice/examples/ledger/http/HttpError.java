package io.coppice.examples.ledger.http;

/** A request that cannot be understood: it is answered with a status, and nothing else is done. */
public final class HttpError extends Exception {
  private static final long serialVersionUID = 1L;
  private final int status;

  /**
   * Says what is wrong.
   *
   * @param status the HTTP status, 400 to 599
   * @param message for the client
   */
  public HttpError(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /**
   * The status of the answer.
   *
   * @return 400 to 599
   */
  public int status() {
    return status;
  }

  /**
   * The message, never null.
   *
   * @return for the client
   */
  public String text() {
    return String.valueOf(getMessage());
  }
}
