package io.coppice.behaviours.registry;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.Step;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The process that keeps {@link Locks}.
 *
 * <p>A lock that is free is not in the table. Who holds one is monitored, so that it is given back
 * at its end, and linked, so that it does not go on without the lock if this process is killed. Who
 * waits is neither: its request says whether it has given up, also by dying, when its turn comes;
 * and if it dies just then, it is a holder that has died.
 */
final class LockServer implements GenServer<Object, Map<Object, LockServer.Lock>> {
  private static final int FEW = 16;

  private final Locks handle;
  private final Map<Pid, Holder> holders = new HashMap<>();
  private @Nullable Context self;

  LockServer(Locks handle) {
    this.handle = handle;
  }

  /** What is asked; the answer is whether it has been done. */
  sealed interface Message {}

  record Acquire(Object resource, Object requester, boolean waits)
      implements Message, Call<Object, Boolean> {}

  record Delete(Object resource, Object requester) implements Message, Call<Object, Boolean> {}

  record Release(Object resource, Object requester, Pid pid) implements Message {}

  /** A lock that somebody holds. */
  static final class Lock {
    private Object requester;
    private final List<Pid> holding = new ArrayList<>(1); // each as often as it has set it
    private final ArrayDeque<Request> waiting = new ArrayDeque<>(0);
    private int many = FEW; // so many wait that it is worth looking who has given up

    Lock(Object requester) {
      this.requester = requester;
    }

    @Override
    public String toString() {
      return requester + ", held by " + holding + ", " + waiting.size() + " wait";
    }
  }

  /** A process that holds locks: which, as often as it does. */
  private record Holder(Ref monitor, List<Object> resources) {}

  @Override
  public Init<Map<Object, Lock>> init(Context context) {
    self = context;
    context.trapExit(true); // who holds a lock is linked
    handle.begin(context);
    return Init.state(new HashMap<>());
  }

  @Override
  public Result<Map<Object, Lock>> handleCall(
      Object request, Request from, Map<Object, Lock> locks) {
    if (!(request instanceof Message message)) {
      from.fail(ExitReason.of("unknown_call: locks can be set and deleted"));
      return Step.next(locks);
    }
    return switch (message) {
      case Acquire acquire -> {
        acquire(locks, acquire, from);
        yield Step.next(locks);
      }
      case Delete(Object resource, Object requester) ->
          Result.reply(release(locks, resource, requester, from.caller()), locks);
      case Release release -> throw new IllegalArgumentException(release + " is a cast");
    };
  }

  @Override
  public Step<Map<Object, Lock>> handleCast(Object cast, Map<Object, Lock> locks) {
    if (cast instanceof Release(Object resource, Object requester, Pid pid)) {
      boolean _ = release(locks, resource, requester, pid);
      return Step.next(locks);
    }
    return Step.unhandled(locks);
  }

  @Override
  public Step<Map<Object, Lock>> handleInfo(Object message, Map<Object, Lock> locks) {
    return switch (message) {
      case Down(Ref monitor, Pid pid, _) when isHolder(pid, monitor) -> {
        ended(locks, pid);
        yield Step.next(locks);
      }
      case Down _ -> Step.next(locks); // it ended when it held nothing any more
      case Exit _ -> Step.next(locks); // of a link: the monitor tells the same
      default -> Step.unhandled(locks);
    };
  }

  private boolean isHolder(Pid pid, Ref monitor) {
    Holder holder = holders.get(pid);
    return holder != null && holder.monitor().equals(monitor);
  }

  // ---- locks

  private void acquire(Map<Object, Lock> locks, Acquire asked, Request from) {
    Lock lock = locks.get(asked.resource());
    if (lock == null) {
      lock = new Lock(asked.requester());
      if (grant(lock, asked, from)) {
        locks.put(asked.resource(), lock);
      }
    } else if (lock.requester.equals(asked.requester())) {
      boolean _ = grant(lock, asked, from);
    } else if (!asked.waits()) {
      from.reply(false);
    } else {
      lock.waiting.add(from);
      if (lock.waiting.size() >= lock.many) {
        lock.waiting.removeIf(Request::isSettled);
        lock.many = Math.max(FEW, 2 * lock.waiting.size());
      }
    }
  }

  /** Gives a lock to who asks; false if that has given up. */
  private boolean grant(Lock lock, Acquire asked, Request from) {
    Pid pid = from.caller();
    if (pid == null) {
      from.fail(ExitReason.of("a thread that runs no process cannot hold a lock"));
      return false;
    }
    if (!from.reply(true)) {
      return false;
    }
    Holder holder = holders.get(pid);
    if (holder == null) {
      holder = new Holder(self().monitor(pid), new ArrayList<>(1));
      holders.put(pid, holder);
      self().link(pid);
    }
    holder.resources().add(asked.resource());
    lock.holding.add(pid);
    return true;
  }

  private boolean release(
      Map<Object, Lock> locks, Object resource, Object requester, @Nullable Pid pid) {
    Lock lock = locks.get(resource);
    Holder holder = pid == null ? null : holders.get(pid);
    if (lock == null
        || pid == null
        || holder == null
        || !lock.requester.equals(requester)
        || !lock.holding.remove(pid)) {
      return false;
    }
    holder.resources().remove(resource);
    if (holder.resources().isEmpty()) {
      holders.remove(pid);
      self().demonitor(holder.monitor()); // not flushed, which would look through all that waits
      self().unlink(pid);
    }
    passOn(locks, resource, lock);
    return true;
  }

  private void ended(Map<Object, Lock> locks, Pid pid) {
    Holder holder = Objects.requireNonNull(holders.remove(pid));
    for (Object resource : holder.resources()) {
      Lock lock = Objects.requireNonNull(locks.get(resource));
      lock.holding.remove(pid);
      passOn(locks, resource, lock);
    }
  }

  /** If nobody holds it any more: to the first who still waits, and those of the same requester. */
  private void passOn(Map<Object, Lock> locks, Object resource, Lock lock) {
    while (lock.holding.isEmpty() && !lock.waiting.isEmpty()) {
      Request first = lock.waiting.removeFirst();
      Acquire asked = (Acquire) first.payload();
      if (grant(lock, asked, first)) {
        lock.requester = asked.requester();
        lock.waiting.removeIf(other -> isOf(asked.requester(), other) && shared(lock, other));
      }
    }
    if (lock.holding.isEmpty()) {
      locks.remove(resource);
    }
  }

  private static boolean isOf(Object requester, Request waiting) {
    return ((Acquire) waiting.payload()).requester().equals(requester);
  }

  private boolean shared(Lock lock, Request waiting) {
    boolean _ = grant(lock, (Acquire) waiting.payload(), waiting);
    return true; // or it has given up
  }

  private Context self() {
    return Objects.requireNonNull(self, "init has not run");
  }
}
