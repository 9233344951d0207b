package io.coppice.examples.ledger;

import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.examples.ledger.http.HttpConnection;
import io.coppice.examples.ledger.http.HttpListener;
import io.coppice.examples.ledger.http.ListeningPort;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.Restart;
import io.coppice.supervisor.Shutdown;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Supervisor;
import java.net.Socket;
import java.time.Duration;

/**
 * The supervision tree.
 *
 * <pre>
 * ledger (one_for_one)
 * ├─ database (one_for_one)
 * │  ├─ writer          a thread of its own; owns the connection that writes
 * │  └─ reader          a thread of its own; owns the connection that reads
 * ├─ accounts (simple_one_for_one)
 * │  └─ account/…       GenServers, started on demand
 * ├─ registry           GenServer: finds accounts, has them started
 * ├─ http (one_for_one)
 * │  ├─ connections (simple_one_for_one)
 * │  │  └─ …            one process per connection, not restarted: its client comes again
 * │  └─ listener        accepts connections
 * └─ chaos              kills the others, if asked to
 * </pre>
 *
 * <p>Everywhere one_for_one: all know each other by name, and look the name up for each message, so
 * the end of one is no reason to restart another. With rest_for_one the death of the writer would
 * hang up on every client.
 *
 * <p>Intensities: each kill of chaos costs one restart in one supervisor. Each may restart twice as
 * often as all kills together would make it, and ten times more for failures of our own, within
 * five seconds. So chaos alone never makes a supervisor give up, but a child that cannot run does.
 */
final class LedgerTree {
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private final LedgerOptions options;
  private final ListeningPort port;
  private final Api api;
  private final ChaosTally tally;
  private final int restartsMax;

  LedgerTree(LedgerOptions options, ListeningPort port, Gate gate, ChaosTally tally) {
    this.options = options;
    this.port = port;
    this.api = new Api(gate);
    this.tally = tally;
    this.restartsMax = 10 + (int) Math.ceil(2 * options.chaos().rate() * PERIOD.toSeconds());
  }

  Supervisor root() {
    Supervisor root =
        oneForOne()
            .name("ledger")
            .child(Successor.of(database().childSpec()))
            .child(Successor.of(accounts().childSpec()))
            .child(
                Successor.of(
                    GenServer.child(
                        Names.REGISTRY, Registry::new, ServerOptions.named(Names.REGISTRY))))
            .child(Successor.of(http().childSpec()));
    return options.chaos().rate() == 0
        ? root
        : root.child(ChildSpec.process(Names.CHAOS, this::chaos));
  }

  private Supervisor database() {
    return oneForOne()
        .name(Names.DATABASE)
        .child(databaseWorker(Names.WRITER, connection -> new Writer(connection, tally)))
        .child(databaseWorker(Names.READER, Reader::new));
  }

  private ChildSpec databaseWorker(String name, DatabaseWorker.JobFactory job) {
    SpawnOptions spawn = SpawnOptions.DEFAULT.name(name).dedicatedThread();
    return Successor.of(
        ChildSpec.process(name, spawn, () -> new DatabaseWorker(options.database(), job)));
  }

  private Supervisor accounts() {
    return Supervisor.simpleOneForOne(
            ChildSpec.taking(
                    "account",
                    String.class,
                    (supervisor, id) ->
                        new Account(id, options.accountRest())
                            .startLink(
                                supervisor, SpawnOptions.DEFAULT.name(Names.account(id)).link()))
                .restart(Restart.TRANSIENT)) // one that went to rest is not woken up
        .intensity(restartsMax, PERIOD)
        .name(Names.ACCOUNTS);
  }

  private Supervisor http() {
    Supervisor connections =
        Supervisor.simpleOneForOne(
                ChildSpec.taking(
                        "connection",
                        Socket.class,
                        (supervisor, socket) ->
                            StartResult.ok(supervisor.spawnLink(new HttpConnection(socket, api))))
                    .restart(Restart.TEMPORARY)
                    .shutdown(Shutdown.within(Duration.ofSeconds(1))))
            .name(Names.CONNECTIONS);
    return oneForOne()
        .name(Names.HTTP)
        .child(Successor.of(connections.childSpec()))
        .child(
            Successor.of(
                ChildSpec.process(
                    Names.LISTENER,
                    () ->
                        new HttpListener(port, Names.CONNECTIONS, api, options.connectionsMax()))));
  }

  private Chaos chaos() {
    return new Chaos(options.chaos(), tally);
  }

  private Supervisor oneForOne() {
    return Supervisor.oneForOne().intensity(restartsMax, PERIOD);
  }
}
