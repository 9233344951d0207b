package io.coppice.examples.ledger;

/** What chaos kills. */
public enum Role {
  /** The process of one account. */
  ACCOUNT("account"),
  /** The process that writes to the database. */
  WRITER("writer"),
  /** The same, with a transaction open and all its statements executed. */
  WRITER_IN_MID_COMMIT("writer in mid-commit"),
  /** The process that reads from the database. */
  READER("reader"),
  /** The process of one connection. */
  HTTP_HANDLER("http handler"),
  /** The process that accepts connections. */
  LISTENER("listener"),
  /** The process that finds accounts. */
  REGISTRY("registry"),
  /** Any supervisor but the root. */
  SUPERVISOR("supervisor");

  private final String text;

  Role(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
