package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.jdk.JdkInternals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in real time, beside a simulation: it would come at another moment in the
 * next run with the same seed.
 *
 * @param what who did what, and the operation of the kernel to use instead
 * @param stack where it happened
 */
public record RealTimeWait(String what, List<StackTraceElement> stack) {
  private static final String WITHOUT_FLAG =
      "without the JVM flag for it the JDK decides when such a wait ends, and no seed does; wait in"
          + " an operation of the kernel, or: ";
  private static final String MONITOR =
      "a monitor resumes through a thread of the JVM; let a process own the data, or use a lock of"
          + " java.util.concurrent without a time limit";

  /** What is wrong with the way a runner blocks outside of the kernel, if anything. */
  static @Nullable RealTimeWait of(MountedRunner runner, ProcessCell cell) {
    Thread thread = runner.thread();
    Thread.State state = thread.getState();
    List<StackTraceElement> stack = List.of(thread.getStackTrace());
    String advice =
        switch (state) {
          case TIMED_WAITING -> timed(stack);
          case BLOCKED -> MONITOR;
          case WAITING -> untimed(stack);
          default -> null;
        };
    if (advice == null) {
      String missing = JdkInternals.missing();
      if (missing == null) {
        return null;
      }
      advice = WITHOUT_FLAG + missing;
    }
    return new RealTimeWait(
        "Process " + cell + " blocks in " + operation(stack) + ": " + advice, stack);
  }

  /** A process whose thread waits without leaving the thread that carries it. */
  static RealTimeWait pinned(Host host) {
    List<StackTraceElement> stack = List.of(host.thread().getStackTrace());
    return new RealTimeWait(
        "Process "
            + host.current()
            + " waits in "
            + operation(stack)
            + " and cannot leave its thread (a static initialiser or a native frame is on the"
            + " stack), so nobody else can run and end the wait; use Context.blocking, or"
            + " initialise the class before the test",
        stack);
  }

  private static String timed(List<StackTraceElement> stack) {
    boolean sleep = operation(stack).equals("java.lang.Thread.sleep");
    return sleep
        ? "use Context.sleep, which takes virtual time"
        : "use Context.receive(Duration), a call with a time-out or Processes.sendAfter, which take"
            + " virtual time";
  }

  private static @Nullable String untimed(List<StackTraceElement> stack) {
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().equals("java.lang.Object")
          && frame.getMethodName().contains("wait")) {
        return MONITOR + "; to wait for an event use Context.receive";
      }
      if (frame.getClassName().equals("java.lang.Thread") && frame.getMethodName().equals("join")) {
        return "another thread ends in real time; let a process do its work, and monitor it";
      }
      if (frame.getClassName().startsWith("sun.nio.ch.")) {
        return "a socket answers in real time; use Context.blocking, for which everything else"
            + " waits, or a process that stands in for the other side";
      }
    }
    return null;
  }

  /** The method of the JDK that the user's code called. */
  private static String operation(List<StackTraceElement> stack) {
    StackTraceElement last = null;
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
        break;
      }
      last = frame;
    }
    return last == null ? "native code" : last.getClassName() + "." + last.getMethodName();
  }

  /** The calling thread, which is none of the simulation's, acts on a process. */
  static RealTimeWait foreign() {
    Thread thread = Thread.currentThread();
    String what =
        "Thread '"
            + (thread.isVirtual() ? thread.toString() : thread.getName())
            + "' acts on a process while the node runs, at a moment that no seed decides; let a"
            + " process do its work and send a message, or run it in Context.blocking";
    return new RealTimeWait(what, List.of(thread.getStackTrace()));
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(what);
    stack.forEach(frame -> out.append("\n    at ").append(frame));
    return out.toString();
  }
}
