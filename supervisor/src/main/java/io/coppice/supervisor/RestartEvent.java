package io.coppice.supervisor;

import io.coppice.kernel.process.Report;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * A restart, for the JDK's flight recorder. Not loaded before the JVM records for the first time.
 */
@Name("io.coppice.Restart")
@Label("Restart")
@Description("A supervisor restarts a child that has ended, and what depends on it")
@Category("Coppice")
@StackTrace(false)
@SuppressWarnings("unused") // the fields are read by the recorder
final class RestartEvent extends Event {
  private static final RestartEvent PROBE = new RestartEvent();
  private static final int TEXT_MAX = 1_000; // characters

  @Label("Supervisor")
  @Nullable String supervisor;

  @Label("Child")
  @Description("Its id in the supervisor's specification")
  @Nullable String child;

  @Label("Process")
  @Description("The number of the process that has ended, 0 if it was never started")
  long process;

  @Label("Strategy")
  @Nullable String strategy;

  @Label("Reason")
  @Nullable String reason;

  /** Records the restart that a report announces, if it does and somebody records. */
  static void record(Report report, Strategy strategy) {
    if (FlightRecorder.isInitialized()
        && report instanceof SupervisorReport lost
        && lost.context() == ErrorContext.CHILD_TERMINATED
        && lost.offender().restart().restartsAfter(lost.reason())) {
      commit(lost, strategy);
    }
  }

  private static void commit(SupervisorReport lost, Strategy strategy) {
    if (PROBE.isEnabled()) {
      RestartEvent event = new RestartEvent();
      event.supervisor = lost.supervisor().toString();
      event.child = lost.offender().id();
      event.process = lost.offender().pid() == null ? 0 : lost.offender().pid().number();
      event.strategy = strategy.toString();
      String text = lost.reason().toString();
      event.reason = text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX - 3) + "...";
      event.commit();
    }
  }
}
