package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.AliveQuery;
import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.cell.Signal.MessagesQuery;
import io.coppice.kernel.cell.Signal.ViaAlias;
import io.coppice.kernel.observe.FlightEvents;
import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Destination;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.HandlerLimit;
import io.coppice.kernel.process.NodeCounters;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Started;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.process.WaitReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The operations on the processes of one kernel, for any thread: the base of nodes and of contexts.
 */
public abstract class KernelProcesses extends KernelWaits {
  /**
   * Operations on a kernel's processes.
   *
   * @param kernel the kernel
   */
  protected KernelProcesses(Kernel kernel) {
    super(kernel);
  }

  // ---- spawning

  @Override
  public Pid spawn(ProcessBody body, SpawnOptions options) {
    Objects.requireNonNull(body, "body");
    return kernel.spawn(caller(), body, null, options, null).cell();
  }

  @Override
  public Pid spawn(Reactive body, SpawnOptions options) {
    Objects.requireNonNull(body, "body");
    return kernel.spawn(caller(), null, body, options, null).cell();
  }

  @Override
  public Started start(
      ProcessBody body, SpawnOptions options, Object payload, @Nullable Duration timeout) {
    return start(Objects.requireNonNull(body, "body"), null, options, payload, timeout);
  }

  @Override
  public Started start(
      Reactive body, SpawnOptions options, Object payload, @Nullable Duration timeout) {
    return start(null, Objects.requireNonNull(body, "body"), options, payload, timeout);
  }

  private Started start(
      @Nullable ProcessBody body,
      @Nullable Reactive reactive,
      SpawnOptions options,
      Object payload,
      @Nullable Duration timeout) {
    ProcessCell by = waiter("start");
    long deadline = kernel.deadline(timeout, "The start time-out");
    CallRequest request = newRequest(payload, by, WaitReason.START, null);
    Kernel.Spawning spawned = kernel.spawn(by, body, reactive, options, request);
    ProcessCell cell = spawned.cell();
    boolean settled = awaitSettled(request, by, cell, deadline);
    ExitReason failure = settled || !request.abandon() ? request.failure() : ExitReason.TIMEOUT;
    if (failure == null) {
      return new Started(cell, request.answer(), spawned.monitor());
    }
    String call = "start(" + cell.initialCall() + ")";
    CallFailed failed = failure(failure, call, cell, request);
    failedStart(by, spawned, failure, deadline);
    throw failed;
  }

  /**
   * Leaves nothing behind of a process that did not start (G5, G8, G9). One that has said so ends
   * by itself, and is killed if it has not done so in time (PL3).
   */
  private void failedStart(
      @Nullable ProcessCell by, Kernel.Spawning spawned, ExitReason failure, long deadline) {
    ProcessCell cell = spawned.cell();
    CellContext self = by == null ? null : new CellContext(by);
    if (failure instanceof ExitReason.TimedOut || !awaitEnd(cell, by, deadline)) {
      if (self != null) {
        self.unlink(cell); // the time-out is an answer, not a reason to die of (G8)
      }
      exit(cell, ExitReason.KILL);
      boolean _ = awaitEnd(cell, by, Kernel.FOREVER);
    }
    if (self != null) {
      if (spawned.monitor() != null) {
        self.demonitorFlush(spawned.monitor());
      }
      self.forgetExitOf(cell);
    }
  }

  // ---- messages

  @Override
  public void send(Pid to, Object message) {
    Objects.requireNonNull(message, "message");
    ProcessCell by = caller();
    deferIfRequest(message);
    kernel.cell(to).deliverFrom(by, message, Kernel.FOREVER);
  }

  @Override
  public void send(String name, Object message) {
    Objects.requireNonNull(message, "message");
    ProcessCell by = caller();
    ProcessCell cell = kernel.names().find(name);
    if (cell == null) {
      kernel.undeliverable().count(Undelivered.UNKNOWN_NAME, name, message);
      throw new IllegalArgumentException(
          "No process is registered as '"
              + name
              + "', so the message cannot be sent: "
              + Kernel.text(message));
    }
    deferIfRequest(message);
    cell.deliverFrom(by, message, Kernel.FOREVER);
  }

  @Override
  public void send(Destination to, Object message, Priority priority) {
    Objects.requireNonNull(priority, "priority");
    switch (Objects.requireNonNull(to, "to")) {
      case Pid pid -> send(pid, message);
      case Alias alias -> {
        Objects.requireNonNull(message, "message");
        AliasState.Holder holder = kernel.alias(alias);
        ProcessCell by = caller();
        deferIfRequest(message);
        holder.owner().deliverViaAliasFrom(by, new ViaAlias(holder, message, priority));
      }
    }
  }

  /** A request that is sent on: whoever gets it may answer. */
  private static void deferIfRequest(Object message) {
    if (message instanceof CallRequest request) {
      request.defer();
    }
  }

  @Override
  public void exit(Destination to, ExitReason reason, Priority priority) {
    Objects.requireNonNull(priority, "priority");
    switch (Objects.requireNonNull(to, "to")) {
      case Pid pid -> exit(pid, reason);
      case Alias alias -> {
        Objects.requireNonNull(reason, "reason");
        AliasState.Holder holder = kernel.alias(alias);
        ProcessCell by = caller();
        ExitSignal exit = new ExitSignal(by == null ? kernel.root() : by, reason, null);
        holder.owner().deliverViaAliasFrom(by, new ViaAlias(holder, exit, priority));
        if (by == holder.owner()) {
          by.checkSignals();
        }
      }
    }
  }

  @Override
  public void exit(Pid to, ExitReason reason) {
    Objects.requireNonNull(reason, "reason");
    ProcessCell by = caller();
    kernel.cell(to).deliverSignal(new ExitSignal(by == null ? kernel.root() : by, reason, null));
    if (by == to) {
      by.checkSignals();
    }
  }

  // ---- calls

  @Override
  public @Nullable Object call(Pid to, Object payload, @Nullable Duration timeout) {
    Objects.requireNonNull(payload, "payload");
    ProcessCell target = kernel.cell(to);
    ProcessCell by = waiter("call");
    if (by == target) {
      throw new CallFailed(
          ExitReason.CALLING_SELF, CallDiagnosis.describeCall(target, payload, timeout));
    }
    long deadline = kernel.deadline(timeout, "The call time-out");
    if (by != null && by.passesDeadlinesOn()) {
      deadline =
          withinTimeLeft(by, deadline, () -> CallDiagnosis.describeCall(target, payload, timeout));
    }
    CallRequest request = newRequest(payload, by, WaitReason.CALL, target);
    if (deadline != Kernel.FOREVER) {
      request.setDeadline(deadline, kernel);
    }
    if (!target.nonBlocking
        || !(request instanceof CallRequest.ByProcess own)
        || !Loan.handles(own.caller, target, own)) {
      target.deliverFrom(by, request, deadline);
    }
    boolean settled = awaitSettled(request, by, target, deadline);
    ExitReason failure = settled || !request.abandon() ? request.failure() : ExitReason.TIMEOUT;
    if (failure == null) {
      return request.answer();
    }
    throw failure(failure, CallDiagnosis.describeCall(target, payload, timeout), target, request);
  }

  private CallFailed failure(
      ExitReason reason, String call, ProcessCell target, CallRequest request) {
    if (!(reason instanceof ExitReason.TimedOut)) {
      return new CallFailed(reason, call);
    }
    ProcessCell by = request instanceof CallRequest.ByProcess own ? own.caller : null;
    CallDiagnosis diagnosis = CallDiagnosis.of(by, target, request);
    if (FlightEvents.on()) {
      FlightEvents.timedOut(
          kernel.nodeName(), by, target, call, diagnosis.callee(), diagnosis.cycle());
    }
    return new CallFailed(reason, call, diagnosis.callee());
  }

  @Override
  public CompletableFuture<@Nullable Object> request(Pid to, Object payload) {
    Objects.requireNonNull(payload, "payload");
    ProcessCell target = kernel.cell(to);
    ProcessCell by = caller();
    CallRequest.AsFuture request =
        new CallRequest.AsFuture(payload, by, target, new CompletableFuture<>());
    CompletableFuture<?> _ = request.future.whenComplete((answer, error) -> request.abandon());
    target.deliverFrom(by, request, Kernel.FOREVER);
    return request.future;
  }

  @Override
  public boolean isAlive(Pid pid) {
    ProcessCell cell = kernel.cell(pid);
    ProcessCell by = waiter("isAlive");
    if (cell == by) {
      return true;
    }
    if (cell.signalsPendingVolatile() == 0) {
      int state = cell.stateAcquire(); // one look: it may be ending just now
      if ((state & StateWord.DYING) == 0) {
        return true;
      }
      if ((state & StateWord.PHASE) == StateWord.DEAD) {
        return false;
      }
    }
    CallRequest answer = newRequest("alive?", by, WaitReason.PROCESS_END, cell);
    cell.deliverSignal(new AliveQuery(answer, false));
    awaitSettled(answer, by, cell, Kernel.FOREVER);
    return Boolean.TRUE.equals(answer.answer());
  }

  @Override
  public boolean hasEnded(Pid pid) {
    safePoint();
    return kernel.cell(pid).isGone();
  }

  @Override
  public Optional<String> lastHandled(Pid ended) {
    return Optional.ofNullable(kernel.cell(ended).lastHandled());
  }

  @Override
  public void watchHandlers(Pid pid, HandlerLimit limit) {
    kernel.handlerWatches().watch(kernel.cell(pid), Objects.requireNonNull(limit, "limit"));
  }

  /** False if the time is over. */
  private boolean awaitEnd(ProcessCell cell, @Nullable ProcessCell by, long deadline) {
    if (cell.phase() == StateWord.DEAD) {
      return true;
    }
    CallRequest answer = newRequest("ended?", by, WaitReason.PROCESS_END, cell);
    cell.deliverSignal(new AliveQuery(answer, true));
    return awaitSettled(answer, by, cell, deadline);
  }

  // ---- names

  @Override
  public void register(String name, Pid pid) {
    caller();
    kernel.names().register(Objects.requireNonNull(name, "name"), kernel.cell(pid));
  }

  @Override
  public void unregister(String name) {
    caller();
    kernel.names().unregister(Objects.requireNonNull(name, "name"));
  }

  @Override
  public Optional<Pid> whereis(String name) {
    caller();
    return Optional.ofNullable(kernel.names().find(name));
  }

  @Override
  public Set<String> registered() {
    safePoint();
    return kernel.names().all();
  }

  // ---- inspection

  @Override
  public void report(Report report) {
    kernel.report(Objects.requireNonNull(report, "report"));
  }

  @Override
  public NodeCounters counters() {
    return kernel
        .counters()
        .read(kernel.table(), kernel.zombies().count(), kernel.undeliverable().sums());
  }

  @Override
  public Optional<ProcessInfo> info(Pid pid) {
    safePoint();
    return Optional.ofNullable(CellView.info(kernel.cell(pid)));
  }

  @Override
  public Optional<List<Object>> messages(Pid pid, int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException(
          "limit is " + limit + ": the number of messages to list cannot be negative");
    }
    ProcessCell cell = kernel.cell(pid);
    ProcessCell by = waiter("messages");
    if (cell == kernel.root()) {
      return Optional.of(List.of()); // keeps none
    }
    if (cell == by) {
      by.takeArrived();
      return Optional.of(by.messages(limit));
    }
    MessagesQuery query =
        new MessagesQuery(newRequest("messages?", by, WaitReason.MESSAGES, cell), limit);
    cell.deliverSignal(query);
    awaitSettled(query.slot, by, cell, Kernel.FOREVER);
    @SuppressWarnings("unchecked") // from SignalCell.handle
    List<Object> messages = (List<Object>) query.slot.answer();
    return Optional.ofNullable(messages);
  }

  @Override
  public boolean isBelow(Pid pid, Pid ancestor) {
    safePoint();
    ProcessCell above = kernel.cell(ancestor);
    ProcessCell below = kernel.cell(pid);
    if (above == kernel.root()) {
      return below != above;
    }
    ProcessCell cell = below.parentCell();
    while (cell != null && cell != above) {
      cell = cell.parentCell();
    }
    return cell != null;
  }

  @Override
  public Collection<Pid> processes() {
    safePoint();
    return new ArrayList<>(kernel.cells());
  }
}
