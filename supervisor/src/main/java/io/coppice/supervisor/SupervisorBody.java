package io.coppice.supervisor;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.HandlerLimit;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import java.time.Duration;
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
final class SupervisorBody implements Reactive {
  /** A message to oneself: the time of a retry has come. */
  private record Due(Ref token) {}

  /** A retry that comes later. */
  private record Later(Event.Retry retry, Ref timer) {}

  private final SupervisorSpec spec;
  private final Map<Ref, Later> later = new HashMap<>(0); // by their tokens
  private @Nullable Supervision supervision;
  private @Nullable SupervisorName name;

  SupervisorBody(SupervisorSpec spec) {
    this.spec = spec;
  }

  @Override
  public void onStart(Context self) {
    self.trapExit(true);
    SupervisorName known = new SupervisorName(self.pid(), spec.name());
    name = known;
    supervision = new Supervision(known, spec, () -> (self.randomLong() >>> 11) * 0x1p-53);
  }

  @Override
  public void onMessage(Context self, Object message) {
    switch (message) {
      case Request request -> answer(self, request);
      case Exit(Pid from, ExitReason reason) when isOrder(self, from) ->
          decide(self, new Event.Stop(reason), null);
      case Exit(Pid from, ExitReason reason) ->
          decide(self, new Event.Exited(from, reason, handling(self, from, reason)), null);
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
  private static boolean isOrder(Context self, Pid from) {
    return from.equals(self.parent()) || from.equals(self.ancestors().getLast());
  }

  private static @Nullable String handling(Context self, Pid ended, ExitReason reason) {
    return reason.isClean() ? null : self.lastHandled(ended).orElse(null);
  }

  private void answer(Context self, Request request) {
    switch (request.payload()) {
      case Event.TerminatePid(Pid pid) when isLongGone(self, pid) -> request.reply(Outcome.done());
      case Event event -> decide(self, event, request);
      case Query query -> request.reply(supervision().inspect().answer(query, self::isAlive));
      default ->
          // The caller learns that it is not talking to what it thinks (SU76).
          throw new IllegalArgumentException(
              "A supervisor was asked "
                  + request.payload()
                  + ", which is no request to a supervisor; use SupervisorRef.");
    }
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
      case Decision.Stop(List<Pid> pids, Shutdown how) -> {
        return new Event.Stopped(ChildShutdown.stop(self, pids, how));
      }
      case Decision.Watch(Pid child, HandlerLimit limit) -> self.watchHandlers(child, limit);
      case Decision.Emit(var report) -> self.report(report);
      case Decision.Note(Failure failure) ->
          RestartEvent.record(failure, Objects.requireNonNull(name), spec.strategy());
      case Decision.RetryLater(Event.Retry retry, long delay) -> retryLater(self, retry, delay);
      case Decision.CancelRetry(Ref token) -> {
        Later cancelled = later.remove(token);
        if (cancelled != null) {
          boolean _ = self.dropTimer(cancelled.timer);
        }
      }
      case Decision.Ready() -> Objects.requireNonNull(asked).reply(self.pid());
      case Decision.Reply(Object answer) -> Objects.requireNonNull(asked).reply(answer);
      case Decision.GiveUp(ExitReason reason) -> self.stop(reason);
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
      return (argument == null ? start : start.with(argument)).start(self);
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
    return known == null ? "supervisor " + spec.strategy() : known.summary();
  }
}
