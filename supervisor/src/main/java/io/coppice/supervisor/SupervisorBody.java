package io.coppice.supervisor;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.HandlerLimit;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The process of a supervisor: turns messages into events, performs what {@link Supervision}
 * decides.
 *
 * <p>Reactive, so that an idle supervisor keeps no stack. While a child starts or stops, its
 * handler blocks in the kernel, and everything else waits in the mailbox (semantics SU75).
 */
final class SupervisorBody implements CodeStart.Body {
  /** A message to oneself: the time of a retry has come. */
  private record Due(Ref token) {}

  /** A retry that comes later. */
  private record Later(Event.Retry retry, Ref timer) {}

  private final Map<Ref, Later> later = new HashMap<>(0); // by their tokens
  private SupervisorCode code;
  private final @Nullable String shownName;
  private volatile boolean ignored;
  private @Nullable Supervision supervision;
  private @Nullable SupervisorName name;
  private @Nullable ArrayDeque<Object> held; // what came while it was suspended
  private final Map<Pid, ExitReason> heldExits = new HashMap<>(0); // why those ended
  private boolean ended;

  SupervisorBody(SupervisorSpec spec) {
    this(spec, spec.name());
  }

  /**
   * A supervisor whose description is known.
   *
   * @param shownName what reports call it, or null
   */
  SupervisorBody(SupervisorSpec spec, @Nullable String shownName) {
    this(known(spec), shownName);
  }

  private static SupervisorCode known(SupervisorSpec spec) {
    return _ -> SupervisorInit.of(spec);
  }

  /**
   * A supervisor that is described when it starts (SU2).
   *
   * @param shownName what reports call it, or null
   */
  SupervisorBody(SupervisorCode code, @Nullable String shownName) {
    this.code = code;
    this.shownName = shownName;
  }

  @Override
  public boolean ignored() {
    return ignored;
  }

  @Override
  public void onStart(Context self) {
    self.trapExit(true);
    name = new SupervisorName(self.pid(), shownName);
  }

  @Override
  public void onMessage(Context self, Object message) throws Exception {
    if (held != null && !passesSuspension(self, message)) {
      hold(held, message);
    } else {
      handle(self, message);
    }
  }

  private void hold(ArrayDeque<Object> queue, Object message) {
    queue.addLast(message);
    if (message instanceof Exit(Pid from, ExitReason reason)) {
      heldExits.put(from, reason);
    }
  }

  private static boolean passesSuspension(Context self, Object message) {
    return switch (message) {
      case Request request ->
          request.payload() instanceof SupervisorRequest || request.payload() instanceof Event.Stop;
      case Exit exit -> isOrder(self, exit.from());
      default -> false;
    };
  }

  private void handle(Context self, Object message) throws Exception {
    switch (message) {
      case Request request -> answer(self, request);
      case Exit(Pid from, ExitReason reason) when isOrder(self, from) ->
          decide(self, new Event.Stop(reason), null);
      case Exit(Pid from, ExitReason reason) -> {
        heldExits.remove(from);
        decide(self, new Event.Exited(from, reason, handling(self, from, reason)), null);
      }
      case Event.Retry retry -> decide(self, retry, null);
      case Due(Ref token) -> {
        Later due = later.remove(token);
        if (due != null) {
          decide(self, due.retry, null);
        }
      }
      default ->
          self.report(new UnexpectedMessage(Objects.requireNonNull(name), String.valueOf(message)));
    }
  }

  /** Whether an exit is the order to stop: from the parent, or from the node that is closing. */
  static boolean isOrder(Context self, Pid from) {
    return from.equals(self.parent()) || from.equals(self.ancestors().getLast());
  }

  private static @Nullable String handling(Context self, Pid ended, ExitReason reason) {
    return reason.isClean() ? null : self.lastHandled(ended).orElse(null);
  }

  private void answer(Context self, Request request) throws Exception {
    switch (request.payload()) {
      case Event.Boot boot -> boot(self, boot, request);
      case Event.TerminatePid(Pid pid) when isLongGone(self, pid) -> request.reply(Outcome.done());
      case Event event -> decide(self, event, request);
      case Query query -> request.reply(supervision().inspect().answer(query, self::isAlive));
      case SupervisorRequest foreign -> foreign.answer(request, new Access(self, request));
      default ->
          // The caller learns that it is not talking to what it thinks (SU76).
          throw new IllegalArgumentException(
              "A supervisor was asked "
                  + request.payload()
                  + ", which is no request to a supervisor; use SupervisorRef.");
    }
  }

  /** A start that fails is not answered: the starter is told when the process is gone (G5). */
  private void boot(Context self, Event.Boot boot, Request request) throws Exception {
    SupervisorInit init = code.init(self);
    if (init == null) {
      self.stop(ExitReason.of(new BadReturn(code.getClass().getName(), "init")));
      return;
    }
    SupervisorSpec described = init.spec();
    if (described == null) {
      ignored = true;
      self.stop(ExitReason.NORMAL);
      return;
    }
    SupervisorName known = Objects.requireNonNull(name);
    supervision = new Supervision(known, described, () -> (self.randomLong() >>> 11) * 0x1p-53);
    decide(self, boot, request);
  }

  private boolean isLongGone(Context self, Pid pid) {
    return supervision().inspect().mayBeLongGone(pid) && !self.isAlive(pid);
  }

  private void decide(Context self, Event first, @Nullable Request asked) {
    Event event = first;
    while (event != null) {
      Event answer = null;
      for (Decision decision : supervision().decide(event, self.monotonicNanos())) {
        assert answer == null : "a question must be the last decision";
        answer = perform(self, decision, asked);
      }
      event = answer;
    }
  }

  /** Performs a decision; returns the answer if it is a question. */
  private @Nullable Event perform(Context self, Decision decision, @Nullable Request asked) {
    switch (decision) {
      case Decision.Start(ChildStart start, var argument) -> {
        return new Event.Started(start(self, start, argument));
      }
      case Decision.Stop(List<Dismissal> children) -> {
        return new Event.Stopped(ChildShutdown.stop(self, children, heldExits));
      }
      case Decision.Watch(Pid child, HandlerLimit limit) -> self.watchHandlers(child, limit);
      case Decision.Emit(var report) -> self.report(report);
      case Decision.Note(Failure failure) ->
          RestartEvent.record(
              failure, Objects.requireNonNull(name), supervision().inspect().spec().strategy());
      case Decision.RetryLater(Event.Retry retry, long delay) -> retryLater(self, retry, delay);
      case Decision.CancelRetry(Ref token) -> {
        Later cancelled = later.remove(token);
        if (cancelled != null) {
          boolean _ = self.dropTimer(cancelled.timer);
        }
      }
      case Decision.Ready() -> Objects.requireNonNull(asked).reply(self.pid());
      case Decision.Reply(Object answer) -> Objects.requireNonNull(asked).reply(answer);
      case Decision.GiveUp(ExitReason reason) -> {
        ended = true;
        self.stop(reason);
      }
    }
    return null;
  }

  /** A timer of a process that ends is gone, so none is left at the end (T6). */
  private void retryLater(Context self, Event.Retry retry, long delayNanos) {
    if (delayNanos == 0) {
      self.send(self.pid(), retry);
    } else {
      Due due = new Due(retry.token());
      Ref timer = self.sendAfter(Duration.ofNanos(delayNanos), self.pid(), due);
      later.put(retry.token(), new Later(retry, timer));
    }
  }

  /**
   * Whatever a start function throws is a failed start (SU11), unless this process itself is to
   * end.
   */
  private static StartResult start(Context self, ChildStart start, @Nullable Object argument) {
    try {
      return Objects.requireNonNull(
          (argument == null ? start : start.with(argument)).start(self),
          "bad_return: the start function of a child returned null, not a StartResult");
    } catch (ProcessExit end) {
      throw end;
    } catch (CallFailed failed) {
      return StartResult.failed(failed.reason());
    } catch (NameTaken taken) {
      return StartResult.failed(new AlreadyStarted(taken.holder()).asReason());
    } catch (Throwable error) {
      return StartResult.failed(ExitReason.crashed(error));
    }
  }

  private Supervision supervision() {
    return Objects.requireNonNull(supervision);
  }

  /** Reads numbers only, since any thread may ask. */
  @Override
  public String describe() {
    Supervision known = supervision;
    return known == null ? "supervisor" : known.summary() + (held == null ? "" : ", suspended");
  }

  /** What requests of code above may do; used within the handler that was given it. */
  private final class Access implements SupervisorAccess {
    private final Context self;
    private final Request request;

    Access(Context self, Request request) {
      this.self = self;
      this.request = request;
    }

    @Override
    public Context self() {
      return self;
    }

    @Override
    public SupervisorStatus status() {
      Inspection inspection = supervision().inspect();
      return new SupervisorStatus(
          Objects.requireNonNull(name),
          inspection.spec().kind(),
          (ChildCounts) inspection.answer(new Query.CountChildren(), self::isAlive),
          inspection.whichChildren(),
          held != null);
    }

    @Override
    public void suspend() {
      if (held == null) {
        held = new ArrayDeque<>();
      }
    }

    @Override
    public void resume() throws Exception {
      ArrayDeque<Object> waiting = held;
      held = null;
      while (waiting != null && !waiting.isEmpty() && !ended) {
        self.checkpoint();
        handle(self, waiting.removeFirst());
      }
    }

    @Override
    public void changeCode(@Nullable Object newCode) throws Exception {
      SupervisorCode next =
          switch (newCode) {
            case null -> code;
            case SupervisorCode function -> function;
            case Supervisor description -> known(description.checkedSpec());
            case DynamicSupervisor dynamic -> known(dynamic.description().checkedSpec());
            default ->
                throw new IllegalArgumentException(
                    "A supervisor cannot become a "
                        + newCode.getClass().getName()
                        + "; give it a Supervisor, a DynamicSupervisor or a SupervisorCode.");
          };
      SupervisorSpec described = next.init(self).spec();
      if (described == null) {
        request.reply(Outcome.done());
      } else if (described.isLike(supervision().inspect().spec())) {
        code = next;
        decide(self, new Event.Upgrade(described), request);
      } else {
        throw new IllegalArgumentException(
            "A "
                + supervision().inspect().spec().kind()
                + " supervisor cannot become a "
                + described.kind()
                + " one.");
      }
    }

    @Override
    public void stop(ExitReason reason) {
      decide(self, new Event.Stop(reason), null);
    }
  }
}
