package io.coppice.behaviours.registry;

import static io.coppice.behaviours.registry.Worker.MOMENT;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The names of OTP's {@code global}, as far as one node goes (semantics P63). */
class GlobalNamesTest {
  @Test
  @DisplayName("REG-020 P63 a global name is refused while it is taken, and free when given back")
  void names() throws Exception {
    inProcess(
        self -> {
          GlobalNames names = GlobalNames.start(self);
          Pid a = Worker.spawn(self);
          Pid b = Worker.spawn(self);
          assertEquals(Optional.empty(), names.whereisName("name"));
          assertTrue(names.registerName("name", a));
          assertFalse(names.registerName("name", b));
          assertFalse(names.registerName("name", a));
          assertTrue(names.registerName(List.of("second", 2), a), "several for one process");
          assertEquals(Optional.of(a), names.whereisName("name"));
          names.unregisterName("name");
          assertEquals(Optional.empty(), names.whereisName("name"));
          assertTrue(names.registerName("name", b));
          assertEquals(Optional.of(b), names.whereisName("name"));
          assertEquals(Optional.of(a), names.whereisName(List.of("second", 2)));
          names.reregisterName("name", a);
          assertEquals(Optional.of(a), names.whereisName("name"));
          names.unregisterName("none");
        });
  }

  @Test
  @DisplayName("REG-022 P63 when a process has ended its global names can be registered at once")
  void dies() throws Exception {
    inProcess(
        self -> {
          GlobalNames names = GlobalNames.start(self);
          Pid a = Worker.spawn(self);
          Pid b = Worker.spawn(self);
          assertTrue(names.registerName("name", a));
          assertTrue(names.registerName("other", a));
          Ref monitor = self.monitor(a);
          self.exit(a, ExitReason.KILL);
          assertEquals(new Down(monitor, a, ExitReason.KILLED), self.receive());
          assertEquals(Set.of(), names.registeredNames());
          assertTrue(names.registerName("name", b));
          self.sleep(MOMENT);
          assertEquals(Optional.of(b), names.whereisName("name"));
          assertEquals(Optional.empty(), names.whereisName("other"));
        });
  }

  @Test
  @DisplayName("REG-024 the process beside the global names survives what strangers send it")
  void badInput() throws Exception {
    inProcess(
        self -> {
          GlobalNames names = GlobalNames.start(self);
          Pid watcher = watcher(self);
          self.send(watcher, "hello");
          self.send(watcher, new Down(Ref.create(), "nobody", ExitReason.NORMAL));
          assertEquals(
              ExitReason.TIMEOUT,
              assertThrows(CallFailed.class, () -> self.call(watcher, "hello", MOMENT)).reason());
          assertTrue(self.isAlive(watcher));
          Pid a = Worker.spawn(self);
          assertTrue(names.registerName("name", a));
          Worker.kill(self, a);
          self.sleep(MOMENT);
          assertEquals(Set.of(), names.registeredNames());
          assertTrue(self.isAlive(watcher));
        });
  }

  private static Pid watcher(Context self) {
    return self.processes().stream()
        .filter(
            pid ->
                self.info(pid)
                    .filter(info -> info.initialCall().equals(GlobalNames.class.getName()))
                    .isPresent())
        .findFirst()
        .orElseThrow();
  }
}
