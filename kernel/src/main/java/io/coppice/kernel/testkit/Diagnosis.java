package io.coppice.kernel.testkit;

import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.WaitReason;
import io.coppice.kernel.scheduler.End;
import io.coppice.kernel.scheduler.SimulatedScheduler;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a failure says about the node it happened on. */
final class Diagnosis {
  private static final int FRAMES = 3;
  private static final int FAULTS = 20;

  private Diagnosis() {}

  /** Why a wait of the test could not end as it should. */
  static String of(
      End end, SimulatedScheduler scheduler, String waitingFor, List<String> processes) {
    StringBuilder out = new StringBuilder();
    switch (end) {
      case IDLE ->
          out.append("deadlock: no process can run and no timer is left, but the test waits for ")
              .append(waitingFor)
              .append(
                  " (what is RUNNING waits outside of the kernel, for something that no process")
              .append(" of this node will do)");
      case REAL_TIME -> {
        out.append("the run depends on real time and cannot be repeated");
        scheduler.realTimeWaits().forEach(wait -> out.append("\n  ").append(wait));
      }
      case RULE_BROKEN -> out.append(String.join("\n  ", scheduler.brokenRules()));
      case OVERTIME ->
          out.append("after the real-time limit the test still waits for ")
              .append(waitingFor)
              .append("; a process may run in circles, or a timer may repeat for ever");
      case STUCK -> {
        out.append("the running process has neither waited nor ended within the real-time limit");
        scheduler.carrierStack().forEach(frame -> out.append("\n    at ").append(frame));
      }
      case BROKEN -> out.append("the scheduler failed with ").append(scheduler.problem());
      case DONE, TIME_REACHED -> out.append("this is no failure: ").append(end);
    }
    out.append("\n  virtual time: ").append(Duration.ofNanos(scheduler.clock().nanoTime()));
    processes.forEach(process -> out.append("\n  ").append(process));
    return out.append("\n  last steps: ").append(scheduler.lastSteps()).toString();
  }

  /** The faults that were injected, the last ones of many. */
  static String ofFaults(List<InjectedFault> all) {
    int from = Math.max(0, all.size() - FAULTS);
    StringBuilder out = new StringBuilder("\n  faults injected: ").append(all.size());
    out.append(from == 0 ? "" : ", the last of them:");
    all.subList(from, all.size()).forEach(fault -> out.append("\n    ").append(fault));
    return out.toString();
  }

  /** Who a process is. */
  static String nameOf(ProcessInfo info) {
    StringBuilder out = new StringBuilder().append(info.pid());
    if (info.name() != null) {
      out.append(" '").append(info.name()).append('\'');
    }
    out.append(' ').append(info.initialCall());
    if (info.label() != null) {
      out.append(" [").append(info.label()).append(']');
    }
    return out.toString();
  }

  /** What a process is doing. */
  static String ofProcess(ProcessInfo info) {
    StringBuilder out = new StringBuilder(nameOf(info));
    out.append(": ").append(info.status());
    if (info.waitReason() != WaitReason.NONE) {
      out.append(" in ").append(info.waitReason());
    }
    out.append(", ").append(info.queueLength()).append(" messages in its mailbox");
    List<StackTraceElement> stack = info.stack();
    if (isLocking(stack)) {
      out.append("; it wants a lock that is taken. ").append(Faults.LOCKS);
    }
    ownFrames(stack.toArray(StackTraceElement[]::new))
        .limit(FRAMES)
        .forEach(frame -> out.append("\n      at ").append(frame));
    return out.toString();
  }

  private static boolean isLocking(List<StackTraceElement> stack) {
    return stack.stream()
        .anyMatch(
            frame ->
                frame.getClassName().startsWith("java.util.concurrent.locks.Reentrant")
                    && frame.getMethodName().startsWith("lock"));
  }

  /** The frames of a stack that are neither the JDK's nor the kernel's. */
  static Stream<StackTraceElement> ownFrames(StackTraceElement[] stack) {
    return Arrays.stream(stack).filter(frame -> !isInfrastructure(frame));
  }

  private static boolean isInfrastructure(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("java.")
        || type.startsWith("jdk.")
        || type.startsWith("io.coppice.kernel.cell.")
        || type.startsWith("io.coppice.kernel.scheduler.")
        || (type.startsWith("io.coppice.kernel.testkit.") && !type.endsWith("Test"));
  }
}
