package io.coppice.examples.bus;

import io.coppice.behaviours.event.EventOptions;
import io.coppice.behaviours.event.GenEvent;
import io.coppice.behaviours.event.HandlerId;
import io.coppice.behaviours.pg.ProcessGroups;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.Restart;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.function.Supplier;

/** What the bus consists of. */
final class Bus {
  static final HandlerId<Tally.Question> TALLY = HandlerId.of(Tally.class);
  static final HandlerId<Mailer.Question> MAILER = HandlerId.of(Mailer.class);
  static final HandlerId<Void> DISTRIBUTOR = HandlerId.of(Distributor.class);

  private Bus() {}

  /** The keepers come after the manager: when that crashes they are started again behind it. */
  static Supervisor tree(ProcessGroups<String> topics, Duration firstPause) {
    return Supervisor.restForOne()
        .child(topics.child())
        .child(GenEvent.child("bus", EventOptions.named("bus")))
        .child(keeper("tally", TALLY, Tally::new, firstPause))
        .child(keeper("mailer", MAILER, Mailer::new, firstPause))
        .child(keeper("distributor", DISTRIBUTOR, () -> new Distributor(topics), firstPause));
  }

  private static <Q> ChildSpec keeper(
      String name, HandlerId<Q> id, Supplier<? extends Listener<Q, ?>> code, Duration firstPause) {
    return ChildSpec.of(name, () -> new Keeper<>(id, code, firstPause)).restart(Restart.TRANSIENT);
  }
}
