package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
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

  static StartOutcome dynamic(Processes node, Object connection) {
    // @start region="dynamic"
    DynamicSupervisorRef sessions = DynamicSupervisor.create().maxChildren(10_000).start(node);
    ChildSpec session =
        ChildSpec.taking("session", Object.class, (self, socket) -> Session.startLink(self, socket))
            .restart(Restart.TEMPORARY);
    StartOutcome outcome = sessions.startChildWith(session, connection);
    // @end
    return outcome;
  }

  static StartOutcome partitions(Context self, ChildSpec session, String user) {
    // @start region="partitions"
    PartitionSupervisor sessions =
        PartitionSupervisor.of("sessions", DynamicSupervisor.create().childSpec("sessions"))
            .partitions(8)
            .start(self);
    StartOutcome outcome =
        DynamicSupervisorRef.via(self.node(), sessions.via(user)).startChild(session);
    // @end
    return outcome;
  }

  static Supervisor code(Config config) {
    // @start region="code"
    SupervisorCode mail =
        self ->
            config.mailServer().isEmpty()
                ? SupervisorInit.ignored()
                : SupervisorInit.of(
                    Supervisor.oneForOne().child(ChildSpec.process("mail", Poller::new)));
    Supervisor tree = Supervisor.oneForOne().child(mail.childSpec("mail-tree"));
    // @end
    return tree;
  }

  // @start region="bridge"
  static final class EngineBridge implements SupervisorBridge<Engine> {
    @Override
    public Init<Engine> init(Context self) {
      Engine engine = Engine.start(self.node());
      return Init.ok(engine.main(), engine);
    }

    @Override
    public void terminate(ExitReason reason, Engine engine) {
      engine.shutDown();
    }
  }

  // @end

  interface Config {
    String mailServer();
  }

  record Engine(Pid main) {
    static Engine start(Processes node) {
      return new Engine(node.spawn(new Counter()));
    }

    void shutDown() {}
  }

  static final class Session {
    private Session() {}

    static StartResult startLink(Context self, Object socket) {
      return StartResult.ok(
          self.spawn((session, message) -> session.setLabel(socket), SpawnOptions.DEFAULT.link()));
    }
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
