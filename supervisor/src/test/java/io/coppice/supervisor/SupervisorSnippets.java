package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import java.time.Duration;

/** The code that the Javadoc shows. */
final class SupervisorSnippets {
  private SupervisorSnippets() {}

  static SupervisorRef first(Processes node, ChildSpec session) {
    return
    // @start region="first"
    Supervisor.oneForOne()
        .intensity(3, Duration.ofSeconds(5))
        .child(ChildSpec.reactive("counter", Counter::new))
        .child(
            ChildSpec.process("poller", Poller::new)
                .restart(Restart.TRANSIENT)
                .shutdown(Shutdown.within(Duration.ofSeconds(2))))
        .supervisor("sessions", Supervisor.simpleOneForOne(session).name("sessions"))
        .start(node);
    // @end
  }

  static Supervisor recovery() {
    return
    // @start region="recovery"
    Supervisor.oneForOne()
        .child(
            ChildSpec.reactive("database", Counter::new)
                .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30)))
                .budget(Budget.of(10, Duration.ofMinutes(5)).parkFor(Duration.ofMinutes(10)))
                .maxHandlerTime(Duration.ofSeconds(5)))
        .child(ChildSpec.process("poller", Poller::new));
    // @end
  }

  static final class Counter implements Reactive {
    @Override
    public void onMessage(Context self, Object message) {}
  }

  static final class Poller implements ProcessBody {
    @Override
    public void run(Context self) {
      self.receive();
    }
  }
}
