package io.coppice.examples.ledger;

/**
 * The registered names. Processes know each other by name only and look it up for every message, so
 * any of them can be replaced without telling the others.
 */
final class Names {
  static final String DATABASE = "database";
  static final String WRITER = "writer";
  static final String READER = "reader";
  static final String ACCOUNTS = "accounts";
  static final String REGISTRY = "registry";
  static final String HTTP = "http";
  static final String CONNECTIONS = "connections";
  static final String LISTENER = "listener";
  static final String CHAOS = "chaos";

  private Names() {}

  static String account(String id) {
    return "account/" + id;
  }
}
