package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What a supervisor is in the middle of, and which children are still to be stopped and started for
 * it. The child that a question is about stays at the head until the answer is there.
 */
final class Agenda {
  private static final Work IDLE = new Work.Idle();

  private final Deque<Child> toStop = new ArrayDeque<>();
  private final Deque<Child> toStart = new ArrayDeque<>();
  private Work work = IDLE;

  Work work() {
    return work;
  }

  void begin(Work value) {
    work = value;
  }

  void start(Child child) {
    toStart.addLast(child);
  }

  /** Nothing more is started. */
  void startNoMore() {
    toStart.clear();
  }

  void stop(Child child) {
    toStop.addLast(child);
  }

  /** Stops it before those that are to be stopped already. */
  void stopBefore(Child child) {
    toStop.addFirst(child);
  }

  /** The child whose start has been answered. */
  Child started() {
    return toStart.removeFirst();
  }

  /** A child whose stop has been answered, in the order of the question. */
  Child stopped() {
    return toStop.removeFirst();
  }

  /** Drops everything, and stops all that run, newest first, for the end of the supervisor. */
  void end(ExitReason reason, ChildTable children) {
    toStart.clear();
    toStop.clear();
    for (Child child : children.newestFirst()) {
      if (child.isRunning()) {
        toStop.addLast(child);
      }
    }
    work = new Work.Ending(reason);
  }

  /**
   * The next question, or what is said at the end.
   *
   * @param together whether all are stopped at the same time (SU63)
   */
  void proceed(boolean together, List<Decision> out) {
    Child stop = toStop.peekFirst();
    Child start = toStart.peekFirst();
    if (stop != null) {
      List<Dismissal> dismissed =
          together ? toStop.stream().map(Dismissal::of).toList() : List.of(Dismissal.of(stop));
      out.add(new Decision.Stop(dismissed));
    } else if (start != null) {
      out.add(new Decision.Start(start.spec().start(), start.argument()));
    } else {
      finish(out);
    }
  }

  private void finish(List<Decision> out) {
    Work finished = work;
    work = IDLE;
    switch (finished) {
      case Work.Booting() -> out.add(new Decision.Ready());
      case Work.Terminating() -> out.add(new Decision.Reply(Outcome.done()));
      case Work.Ending(ExitReason reason) -> out.add(new Decision.GiveUp(reason));
      case Work.Idle(), Work.Restarting(), Work.Returning(), Work.Starting(_) -> {}
    }
  }
}
