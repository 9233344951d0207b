package io.coppice.supervisor;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import org.jspecify.annotations.Nullable;

/** Starts supervisors and bridges whose code says only in their process what they are. */
final class CodeStart {
  private CodeStart() {}

  /** A process whose start may come to nothing without being a failure. */
  interface Body extends Reactive {
    /** Whether it has ended because there is nothing to start; any thread may ask. */
    boolean ignored();
  }

  static StartResult start(SupervisorCode code, Processes processes, SpawnOptions options) {
    SupervisorBody body = new SupervisorBody(code, shownName(options));
    return start(body, "supervisor " + code.getClass().getName(), processes, options);
  }

  static StartResult start(SupervisorBridge<?> code, Processes processes, SpawnOptions options) {
    BridgeBody<?> body = new BridgeBody<>(code, shownName(options));
    return start(body, "supervisor_bridge " + code.getClass().getName(), processes, options);
  }

  private static StartResult start(
      Body body, String initialCall, Processes processes, SpawnOptions options) {
    SpawnOptions spawn = options.initialCall() == null ? options.initialCall(initialCall) : options;
    try {
      return StartResult.ok(processes.start(body, spawn, new Event.Boot(), null).pid());
    } catch (NameTaken taken) {
      return StartResult.failed(new AlreadyStarted(taken.holder()).asReason());
    } catch (CallFailed failed) {
      return body.ignored() ? StartResult.ignored() : StartResult.failed(failed.reason());
    }
  }

  /** What reports call a process that is spawned so. */
  static @Nullable String shownName(SpawnOptions options) {
    ViaName via = options.ties().via();
    return options.name() != null || via == null ? options.name() : via.toString();
  }
}
