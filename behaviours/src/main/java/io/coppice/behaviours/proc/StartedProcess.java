package io.coppice.behaviours.proc;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Request;
import org.jspecify.annotations.Nullable;

/** A process whose first message is the request to start, which it leaves to its code to answer. */
final class StartedProcess<T> implements ProcessBody {
  private final StartedBody<T> body;
  private volatile @Nullable Starting<T> starting;

  StartedProcess(StartedBody<T> body) {
    this.body = body;
  }

  @Override
  public void run(Context self) throws Exception {
    Request request = (Request) self.receive(); // put there before anybody knew the process
    Starting<T> start = new Starting<>(request::reply);
    starting = start;
    body.run(self, start);
  }

  /** What the process said before it failed, or null. */
  @Nullable ExitReason told() {
    Starting<T> start = starting;
    return start == null ? null : start.told();
  }
}
