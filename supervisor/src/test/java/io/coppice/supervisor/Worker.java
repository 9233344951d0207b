package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;

/** A child for tests: ends when and how it is told to, and says so when it is stopped. */
record Worker(String id, Pid test, boolean obedient) implements Reactive {
  @Override
  public void onStart(Context self) {
    self.trapExit(true);
  }

  @Override
  public void onMessage(Context self, Object message) {
    switch (message) {
      case Request request -> request.reply("ready");
      case Lab.Die(var reason) -> self.stop(reason);
      case Exit exit when obedient && exit.from().equals(self.parent()) -> {
        self.send(test, new Lab.Bye(id));
        self.stop(exit.reason());
      }
      default -> {}
    }
  }
}
