package io.coppice.kernel.testkit;

import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.WaitReason;
import io.coppice.kernel.scheduler.End;
import io.coppice.kernel.scheduler.SimulatedScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a failure says about the node it happened on. */
final class Diagnosis {
  private static final int FRAMES = 3;

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

  /** What is left of a node after its end, but for threads. */
  static List<String> leftovers(
      List<String> processes, List<String> zombies, SimulatedScheduler scheduler) {
    List<String> all = new ArrayList<>();
    processes.forEach(process -> all.add("a process that cannot be stopped: " + process));
    all.addAll(zombies);
    scheduler.timers().forEach(timer -> all.add("a timer: " + timer));
    return all;
  }

  /** What a process is doing. */
  static String ofProcess(ProcessInfo info) {
    StringBuilder out = new StringBuilder().append(info.pid());
    if (info.name() != null) {
      out.append(" '").append(info.name()).append('\'');
    }
    out.append(' ').append(info.initialCall());
    if (info.label() != null) {
      out.append(" [").append(info.label()).append(']');
    }
    out.append(": ").append(info.status());
    if (info.waitReason() != WaitReason.NONE) {
      out.append(" in ").append(info.waitReason());
    }
    out.append(", ").append(info.queueLength()).append(" messages in its mailbox");
    info.stack().stream()
        .filter(frame -> !isInfrastructure(frame))
        .limit(FRAMES)
        .forEach(frame -> out.append("\n      at ").append(frame));
    return out.toString();
  }

  private static boolean isInfrastructure(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("java.")
        || type.startsWith("jdk.")
        || type.startsWith("io.coppice.kernel.cell.")
        || type.startsWith("io.coppice.kernel.scheduler.");
  }
}
