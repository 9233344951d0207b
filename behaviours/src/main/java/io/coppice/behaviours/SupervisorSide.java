package io.coppice.behaviours;

import io.coppice.behaviours.SystemRequest.ChangeCode;
import io.coppice.behaviours.SystemRequest.Command;
import io.coppice.behaviours.SystemRequest.Debugging;
import io.coppice.behaviours.SystemRequest.GetState;
import io.coppice.behaviours.SystemRequest.GetStatus;
import io.coppice.behaviours.SystemRequest.Other;
import io.coppice.behaviours.SystemRequest.ReplaceState;
import io.coppice.behaviours.SystemRequest.Resume;
import io.coppice.behaviours.SystemRequest.Suspend;
import io.coppice.behaviours.SystemRequest.Terminate;
import io.coppice.behaviours.SystemRequest.Unknown;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Request;
import io.coppice.supervisor.SupervisorAccess;
import io.coppice.supervisor.SupervisorStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a supervisor answers system messages, of which it knows nothing itself. */
final class SupervisorSide {
  private SupervisorSide() {}

  static void answer(Request request, Command command, SupervisorAccess supervisor)
      throws Exception {
    switch (command) {
      case Terminate(ExitReason reason) -> supervisor.stop(reason); // the end is the answer
      case GetState() -> request.reply(supervisor.status());
      case GetStatus() -> request.reply(status(supervisor));
      case Suspend() -> {
        supervisor.suspend();
        request.reply(null);
      }
      case Resume() -> {
        request.reply(null);
        supervisor.resume();
      }
      case ChangeCode change -> changeCode(request, change, supervisor);
      case ReplaceState _, Debugging _ -> request.fail(ExitReason.of(new Unknown(command)));
      case Other(Object term) -> request.fail(ExitReason.of(new Unknown(term)));
    }
  }

  private static void changeCode(Request request, ChangeCode change, SupervisorAccess supervisor) {
    if (!supervisor.status().suspended()) {
      request.fail(ExitReason.of(new Unknown(change)));
      return;
    }
    try {
      supervisor.changeCode(change.code());
    } catch (Throwable error) {
      supervisor.self().checkpoint();
      request.fail(ExitReason.crashed(error));
    }
  }

  private static SysStatus status(SupervisorAccess supervisor) {
    Context self = supervisor.self();
    SupervisorStatus status = supervisor.status();
    Map<Object, Object> dictionary = new HashMap<>();
    for (Object key : self.getKeys()) {
      Object value = self.get(key);
      if (value != null) {
        dictionary.put(key, value);
      }
    }
    return new SysStatus(
        self.pid(),
        self.info(self.pid()).map(ProcessInfo::name).orElse(null),
        "supervisor " + status.strategy(),
        status.suspended(),
        false,
        self.parent(),
        Map.copyOf(dictionary),
        List.of(),
        status,
        List.of());
  }
}
