package io.coppice.behaviours.registry;

import static io.coppice.behaviours.server.TestBed.SOON;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A process that does what it is told. */
final class Worker {
  static final Duration MOMENT = Duration.ofMillis(1);

  private Worker() {}

  /** What it is told to do. */
  interface Job<T extends @Nullable Object> {
    T run(Context self) throws Exception;
  }

  static Pid spawn(Processes node) {
    return node.spawn(Worker::serve);
  }

  static void serve(Context me) throws Exception {
    while (true) {
      Request request = (Request) me.receive(message -> message instanceof Request);
      request.reply(((Job<?>) request.payload()).run(me));
    }
  }

  /** Has it do something, and waits. */
  @SuppressWarnings({"unchecked", "NullAway"}) // it answers with what the job returned
  static <T extends @Nullable Object> T ask(Processes node, Pid worker, Job<T> job) {
    return (T) node.call(worker, job, SOON);
  }

  /** Has it begin something. */
  static Ref tell(Context self, Pid worker, Job<?> job) {
    return self.sendRequest(worker, job);
  }

  /** Kills a process and waits until it is dead, but not until anybody has cleared away. */
  static void kill(Context self, Pid pid) {
    self.exit(pid, ExitReason.KILL);
    boolean _ = self.isAlive(pid);
  }
}
