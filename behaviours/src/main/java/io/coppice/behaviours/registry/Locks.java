package io.coppice.behaviours.registry;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.registry.LockServer.Acquire;
import io.coppice.behaviours.registry.LockServer.Delete;
import io.coppice.behaviours.registry.LockServer.Release;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.supervisor.ChildSpec;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Locks that processes hold on anything that has a name: what {@code global:set_lock} and {@code
 * global:trans} are in OTP, on one node.
 *
 * {@snippet class="io.coppice.behaviours.registry.LocksTest" region="locks"}
 *
 * <p>A lock has a resource and a requester. All who name the same requester share it, each as often
 * as it has set it; everybody else waits, and gets it in the order of asking. A process that ends
 * holds no locks any more, and does not wait any more either; one that is killed while it holds a
 * lock may have left behind half of what the lock protects.
 *
 * <p>This is the handle of a process, which {@link #start} or a supervisor ({@link #child}) starts.
 * Who holds a lock is linked with that process: if that is killed, nobody knows who holds what, and
 * the holders end, too. For use by processes; other threads have {@code java.util.concurrent}.
 */
public final class Locks {
  private volatile @Nullable Running running;

  private Locks() {}

  private record Running(Processes node, Pid pid) {}

  // ---- starting

  /**
   * Locks that are still to be started.
   *
   * @return a handle
   */
  public static Locks create() {
    return new Locks();
  }

  /**
   * Starts the process that keeps the locks; nobody is linked with it.
   *
   * @param node where
   * @return the handle
   */
  public static Locks start(Processes node) {
    Locks locks = new Locks();
    GenServer.start(node, () -> new LockServer(locks)).orThrow();
    return locks;
  }

  /**
   * The process that keeps the locks, as the child of a supervisor.
   *
   * @param id its id
   * @return a permanent worker
   */
  public ChildSpec child(String id) {
    return GenServer.child(id, () -> new LockServer(this), ServerOptions.DEFAULT);
  }

  /** By the process that keeps them. */
  void begin(Context self) {
    running = new Running(self.node(), self.pid());
  }

  // ---- using

  /**
   * Runs code while the calling process holds a lock that nobody else holds meanwhile ({@code
   * global:trans}). Waits for it as long as it takes. The lock is given back however the code ends;
   * the process may ask for a lock that it holds already.
   *
   * @param self the calling process
   * @param resource what is locked, a value with a meaningful {@code equals}
   * @param code what to run; runs in the calling process
   * @param <T> its result
   * @return its result
   * @throws Exception what the code threw
   * @throws CallFailed with {@code noproc} if the locks do not run
   */
  public <T extends @Nullable Object> T hold(Context self, Object resource, Callable<T> code)
      throws Exception {
    boolean _ = set(self, resource, self.pid(), null);
    try {
      return code.call();
    } finally {
      server().cast(new Release(resource, self.pid(), self.pid()));
    }
  }

  /**
   * Sets a lock, if nobody holds it in the name of another requester ({@code set_lock} without
   * retries).
   *
   * @param self the calling process, which is going to hold it
   * @param resource what is locked, a value with a meaningful {@code equals}
   * @param requester in whose name, a value with a meaningful {@code equals}
   * @return whether it holds the lock now, once more if it did already
   * @throws CallFailed with {@code noproc} if the locks do not run
   */
  public boolean set(Context self, Object resource, Object requester) {
    return ask(self, new Acquire(resource, requester, false), null);
  }

  /**
   * Sets a lock, and waits for it.
   *
   * @param self the calling process, which is going to hold it
   * @param resource what is locked, a value with a meaningful {@code equals}
   * @param requester in whose name, a value with a meaningful {@code equals}
   * @param timeout how long to wait, zero or more, or null for ever
   * @return whether it holds the lock now; false if the time is over
   * @throws CallFailed with {@code noproc} if the locks do not run
   * @throws IllegalArgumentException if the timeout is negative
   */
  public boolean set(Context self, Object resource, Object requester, @Nullable Duration timeout) {
    try {
      return ask(self, new Acquire(resource, requester, true), timeout);
    } catch (CallFailed failed) {
      if (failed.reason().equals(ExitReason.TIMEOUT)) {
        return false;
      }
      throw failed;
    }
  }

  /**
   * Gives a lock back, once ({@code del_lock}). What others hold stays, also if they hold it in the
   * name of the same requester.
   *
   * @param self the calling process
   * @param resource what is locked
   * @param requester in whose name
   * @return whether the calling process held it in that name
   * @throws CallFailed with {@code noproc} if the locks do not run
   */
  public boolean delete(Context self, Object resource, Object requester) {
    return ask(self, new Delete(resource, requester), null);
  }

  private boolean ask(Context self, Call<?, Boolean> request, @Nullable Duration timeout) {
    self.checkpoint(); // refuses the context of another process
    return server().call(request, timeout);
  }

  private ServerRef<Object> server() {
    Running now = running;
    if (now == null) {
      throw new CallFailed(ExitReason.NO_PROCESS, "locks that were not started");
    }
    return ServerRef.of(now.node(), now.pid());
  }

  /** Which process keeps them. */
  @Override
  public String toString() {
    Running now = running;
    return now == null ? "locks, not started" : "locks of " + now.pid();
  }
}
