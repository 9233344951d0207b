package io.coppice.kernel.observe;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.ProcessInfo.Wait;
import io.coppice.kernel.process.WaitReason;
import io.coppice.kernel.process.Zombie;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Processes in words, for dumps and messages. Never fails because of a value of the user's. */
public final class ProcessText {
  private static final int VALUE_MAX = 80; // characters of a value of the user's

  private ProcessText() {}

  /**
   * Who it is.
   *
   * @param pid a process
   * @param name its name, or null
   * @return for instance {@code <5> 'db'}
   */
  public static String who(Pid pid, @Nullable String name) {
    return name == null ? pid.toString() : pid + " '" + name + "'";
  }

  /**
   * Who it is, and what it was started as.
   *
   * @param info a process
   * @return for instance {@code <5> 'db' [shard 3] com.acme.Db}
   */
  public static String who(ProcessInfo info) {
    return who(info.pid(), info.name(), info.label(), info.initialCall());
  }

  /**
   * The same of one that has ended.
   *
   * @param zombie a process whose code still runs
   * @return for instance {@code <5> 'db' [shard 3] com.acme.Db}
   */
  public static String who(Zombie zombie) {
    return who(zombie.pid(), zombie.name(), zombie.label(), zombie.initialCall());
  }

  private static String who(
      Pid pid, @Nullable String name, @Nullable Object label, String initialCall) {
    StringBuilder out = new StringBuilder(who(pid, name));
    if (label != null) {
      out.append(" [").append(value(label)).append(']');
    }
    return out.append(' ').append(initialCall).toString();
  }

  /**
   * What it does now.
   *
   * @param info a process
   * @return for instance {@code running Store for 7.2 s}
   */
  public static String doing(ProcessInfo info) {
    return switch (info.status()) {
      case IDLE -> info.waitReason() == WaitReason.HIBERNATE ? "hibernating" : "idle";
      case RUNNABLE -> "ready to run" + busyWith(info, ", with ");
      case RUNNING -> "running" + busyWith(info, " ");
      case BLOCKED -> "blocked outside of the kernel" + busyWith(info, ", with ");
      case WAITING -> waiting(info.waiting()) + waitingWith(info);
      case DYING -> "told to die, still running" + busyWith(info, " ");
      case EXITING -> "ending";
      case ZOMBIE -> "ended, but its code still runs";
      case DEAD -> "ended";
    };
  }

  private static String busyWith(ProcessInfo info, String before) {
    String type = info.handling();
    Duration time = info.busyFor();
    return (type == null ? "" : before + shortType(type))
        + (time == null ? "" : " for " + time(time));
  }

  /** A receive has handled its last message. */
  private static String waitingWith(ProcessInfo info) {
    return switch (info.waitReason()) {
      case RECEIVE, HIBERNATE, NONE -> "";
      default -> info.handling() == null ? "" : ", with " + shortType(info.handling());
    };
  }

  private static String waiting(Wait wait) {
    StringBuilder out =
        new StringBuilder(
            switch (wait.reason()) {
              case NONE -> "waiting";
              case RECEIVE -> "waiting for messages";
              case HIBERNATE -> "hibernating";
              case ROOM -> "waiting for room in the mailbox it sends to";
              case MESSAGES -> "waiting for " + on(wait) + " to list its messages";
              case CALL -> "waiting for " + on(wait) + " to answer " + request(wait);
              case START -> "waiting for " + on(wait) + " to start";
              case HANDOFF ->
                  "waiting at a "
                      + (wait.request() == null ? "handoff" : shortType(wait.request()));
              case SLEEP -> "sleeping";
              case BLOCKING_SECTION -> "in a blocking section";
              case COMPUTATION -> "in a computation beside the schedulers";
              case PROCESS_END -> "waiting for the end of " + on(wait);
            });
    if (wait.lasted() != null) {
      out.append(", ").append(time(wait.lasted())).append(" so far");
    }
    if (wait.left() != null) {
      out.append(", ").append(time(wait.left())).append(" left");
    }
    return out.toString();
  }

  private static String on(Wait wait) {
    return wait.on() == null ? "a process" : who(wait.on(), wait.onName());
  }

  private static String request(Wait wait) {
    return wait.request() == null ? "a call" : shortType(wait.request());
  }

  /**
   * A class without its packages.
   *
   * @param type the name of a class
   * @return for instance {@code Counter.Add}
   */
  public static String shortType(String type) {
    int hidden = type.indexOf('/'); // of a lambda
    String visible = hidden < 0 ? type : type.substring(0, hidden);
    return visible.substring(visible.lastIndexOf('.') + 1).replace('$', '.');
  }

  /**
   * A time for humans.
   *
   * @param time zero or more
   * @return for instance {@code 7.2 s} or {@code 3 h 12 min}
   */
  public static String time(Duration time) {
    long micros = time.toNanos() / 1_000;
    if (micros < 1_000) {
      return micros + " us";
    } else if (micros < 1_000_000) {
      return String.format(Locale.ROOT, micros < 10_000 ? "%.1f ms" : "%.0f ms", micros / 1e3);
    } else if (micros < 60_000_000) {
      return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    } else if (time.toHours() < 1) {
      return time.toMinutes() + " min " + time.toSecondsPart() + " s";
    } else if (time.toDays() < 2) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toDays() + " d " + time.toHoursPart() + " h";
  }

  /**
   * A value of the user's, on one line and not too long.
   *
   * @param value any value
   * @return its text
   */
  public static String value(Object value) {
    String text;
    try {
      text = String.valueOf(value);
    } catch (Throwable e) {
      text = "a " + value.getClass().getName() + " whose toString failed";
    }
    boolean whole = text.length() <= VALUE_MAX;
    String shown = whole ? text : text.substring(0, VALUE_MAX - 3) + "..."; // it may be a gigabyte
    return shown.replaceAll("\\s+", " ");
  }

  /**
   * How many frames of a stack are those of the JDK below which the kernel waits: none if it is
   * other code that waits there.
   *
   * @param stack the innermost first
   * @return their number
   */
  public static int framesOfWait(List<StackTraceElement> stack) {
    int count = 0;
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      if (!type.startsWith("java.") && !type.startsWith("jdk.")) {
        return type.startsWith("io.coppice.kernel.scheduler.") ? count : 0;
      }
      count++;
    }
    return 0;
  }

  /**
   * The frame that says most: the innermost one that is not the JDK's nor Coppice's.
   *
   * @param stack a stack, innermost frame first
   * @return the frame, or null if there is none
   */
  public static @Nullable StackTraceElement telling(List<StackTraceElement> stack) {
    StackTraceElement best = null;
    for (StackTraceElement frame : stack) {
      if (!isInfrastructure(frame)) {
        if (!isBehaviours(frame)) {
          return frame;
        }
        best = best == null ? frame : best;
      }
    }
    return best;
  }

  private static boolean isBehaviours(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("io.coppice.behaviours.") || type.startsWith("io.coppice.supervisor.");
  }

  /**
   * Whether a frame is the JDK's or the kernel's own.
   *
   * @param frame a frame
   * @return false if it is code of the user's, or of a library
   */
  public static boolean isInfrastructure(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("java.")
        || type.startsWith("jdk.")
        || type.startsWith("sun.")
        || isKernel(frame);
  }

  /**
   * Whether a frame is the kernel's own, or of how the JDK runs virtual threads.
   *
   * @param frame a frame
   * @return false if it is of any other code
   */
  public static boolean isKernel(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("io.coppice.kernel.cell.")
        || type.startsWith("io.coppice.kernel.scheduler.")
        || type.startsWith("java.lang.VirtualThread")
        || (type.equals("java.lang.Thread") && frame.getMethodName().equals("yield"))
        || type.startsWith("jdk.internal.vm.");
  }
}
