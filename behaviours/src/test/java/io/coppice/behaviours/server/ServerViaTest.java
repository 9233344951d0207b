package io.coppice.behaviours.server;

import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.behaviours.server.ServerStart.AlreadyStarted;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Servers under names that the kernel does not keep itself (semantics P62, P63). */
class ServerViaTest {
  @Test
  @DisplayName("GSRV-006 G4 P62 P63 a server starts, is found and stops under a global name")
  void global() throws Exception {
    inProcess(
        self -> {
          GlobalNames names = GlobalNames.start(self);
          Object key = List.of("counter", 1);
          ServerOptions options = ServerOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.via(names, key));
          ServerRef<Probe.Message> found = ServerRef.via(self, new ViaName(names, key));
          assertEquals(Optional.empty(), found.whereis());
          ServerRef<Probe.Message> first = Probe.start(self, options);
          assertEquals(first.whereis(), found.whereis());
          ServerStart<Probe.Message> second =
              GenServer.startLink(self, () -> new Probe(self), options);
          assertEquals(new AlreadyStarted<>(Probe.pid(first)), second);
          expectNothing(self);
          found.stop();
          CallFailed gone = assertThrows(CallFailed.class, found::stop);
          assertEquals(ExitReason.NO_PROCESS, gone.reason());
          assertEquals(found.whereis(), Optional.empty());
          ServerRef<Probe.Message> again = Probe.start(self, options);
          assertEquals(again.whereis(), found.whereis());
        });
  }
}
