package io.coppice.behaviours.generic;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Started;
import io.coppice.kernel.process.ViaName;
import io.coppice.supervisor.AlreadyStarted;
import io.coppice.supervisor.StartResult;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of starting a behaviour, before its kind gives that a type of its own (G1–G9). */
public sealed interface StartOutcome {
  /**
   * It is up.
   *
   * @param started the process
   */
  record Up(Started started) implements StartOutcome {}

  /** There is none, and that is no failure. */
  record Ignored() implements StartOutcome {}

  /**
   * It did not come up.
   *
   * @param reason why
   */
  record Failed(ExitReason reason) implements StartOutcome {}

  /**
   * Its name is taken.
   *
   * @param holder by whom
   */
  record Taken(Pid holder) implements StartOutcome {}

  /** Spawns a behaviour and waits for its {@code init}. */
  static StartOutcome start(
      Processes node, Behaviour body, SpawnOptions spawn, @Nullable Duration initTimeout) {
    StartCommand command = new StartCommand(spawn.linked());
    try {
      return new Up(node.start(body, spawn, command, initTimeout));
    } catch (NameTaken taken) {
      return new Taken(taken.holder());
    } catch (CallFailed failed) {
      return switch (command.outcome()) {
        case Initial.Ignored() -> new Ignored();
        case Initial.Failed(ExitReason told, var exit) -> new Failed(told);
        case Initial.Up() -> new Failed(failed.reason());
        case null -> new Failed(failed.reason());
      };
    }
  }

  /** The same for a supervisor. */
  default StartResult asChild() {
    return switch (this) {
      case Up(Started started) -> StartResult.ok(started.pid());
      case Ignored() -> StartResult.ignored();
      case Failed(ExitReason reason) -> StartResult.failed(reason);
      case Taken(Pid holder) -> StartResult.failed(new AlreadyStarted(holder).asReason());
    };
  }

  /** Ends the calling process unless it has the names under which it is to become a behaviour. */
  static void checkNames(Context self, @Nullable String name, SpawnOptions spawn) {
    Pid holder = name == null ? self.pid() : self.whereis(name).orElse(null);
    if (!self.pid().equals(holder)) {
      throw self.exit(ExitReason.of("process_not_registered: " + name));
    }
    ViaName via = spawn.ties().via();
    if (via != null && !via.whereis().equals(Optional.of(self.pid()))) {
      throw self.exit(ExitReason.of("process_not_registered_via: " + via));
    }
  }
}
