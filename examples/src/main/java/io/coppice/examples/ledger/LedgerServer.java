package io.coppice.examples.ledger;

import io.coppice.examples.ledger.books.Schema;
import io.coppice.examples.ledger.http.ListeningPort;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Reporter;
import java.io.IOException;
import java.sql.SQLException;

/** A running ledger: one node with the tree on it. */
final class LedgerServer implements AutoCloseable {
  private final LedgerOptions options;
  private final Node node;
  private final ListeningPort port;
  private final Gate gate;
  private final ChaosTally tally;
  private final Incidents incidents;

  private LedgerServer(
      LedgerOptions options,
      Node node,
      ListeningPort port,
      Gate gate,
      ChaosTally tally,
      Incidents incidents) {
    this.options = options;
    this.node = node;
    this.port = port;
    this.gate = gate;
    this.tally = tally;
    this.incidents = incidents;
  }

  /**
   * Starts a ledger.
   *
   * @throws SQLException if the database cannot be reached, or is none
   * @throws IOException if the port is in use, or the node refuses what it was told from outside
   */
  static LedgerServer start(LedgerOptions options, Reporter reports)
      throws IOException, SQLException {
    Gate gate = new Gate(options.writesMax());
    ChaosTally tally = new ChaosTally();
    Incidents incidents = new Incidents(reports);
    ListeningPort port = ListeningPort.bind(options.port());
    Node node;
    try {
      Schema.create(options.database());
      node = startNode(incidents);
    } catch (IOException | SQLException unusable) {
      port.close();
      throw unusable;
    }
    new LedgerTree(options, port, gate, tally).root().start(node);
    return new LedgerServer(options, node, port, gate, tally, incidents);
  }

  private static Node startNode(Reporter reports) throws IOException {
    try {
      return Node.start(NodeOptions.DEFAULT.withName("ledger").withReporter(reports));
    } catch (IllegalArgumentException | IllegalStateException refused) {
      throw new IOException(refused.getMessage(), refused);
    }
  }

  LedgerOptions options() {
    return options;
  }

  Node node() {
    return node;
  }

  int port() {
    return port.number();
  }

  ChaosTally tally() {
    return tally;
  }

  Incidents incidents() {
    return incidents;
  }

  /** How many requests were turned away because the writer's queue was full. */
  long turnedAway() {
    return gate.refused();
  }

  @Override
  public void close() throws IOException {
    node.close();
    port.close();
  }
}
