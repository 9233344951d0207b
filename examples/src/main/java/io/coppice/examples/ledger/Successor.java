package io.coppice.examples.ledger;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Ref;
import io.coppice.supervisor.ChildSpec;
import java.time.Duration;

/**
 * Starts a child when the last process of its name is gone.
 *
 * <p>A supervisor that stops its children waits for them. One that is <em>killed</em> cannot: its
 * children are told to die by their links, and the next incarnation of the supervisor may be there
 * before the last of them has gone. A writer in the middle of a commit takes a few milliseconds;
 * its successor would find the name taken, fail, and be tried again at once, until the supervisor
 * gives up.
 */
final class Successor {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Successor() {}

  /** The same child, whose id is its name, started after its predecessor has ended. */
  static ChildSpec of(ChildSpec spec) {
    return new ChildSpec(
        spec.id(),
        supervisor -> {
          awaitEnd(supervisor, spec.id());
          return spec.start().start(supervisor);
        },
        spec.restart(),
        spec.significant(),
        spec.shutdown(),
        spec.type());
  }

  private static void awaitEnd(Context supervisor, String name) {
    if (supervisor.whereis(name).isPresent()) {
      Ref monitor = supervisor.monitor(name);
      supervisor.receive(
          message -> message instanceof Down down && down.ref().equals(monitor), PATIENCE);
      supervisor.demonitorFlush(monitor);
    }
  }
}
