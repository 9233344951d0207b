package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * A restart, for the JDK's flight recorder. Not loaded before the JVM records for the first time.
 */
@Name("io.coppice.Restart")
@Label("Restart")
@Description("A child of a supervisor has failed, or could not be restarted")
@Category("Coppice")
@StackTrace(false)
@SuppressWarnings("unused") // the fields are read by the recorder
final class RestartEvent extends Event {
  private static final RestartEvent PROBE = new RestartEvent();

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

  @Label("Message")
  @Description("The class of the message that it was at, if that is known")
  @Nullable String message;

  @Label("Lived")
  @Description("How long it had run, 0 if it could not be started")
  @Timespan(Timespan.NANOSECONDS)
  long lived;

  @Label("Decision")
  @Description("What the supervisor does about it")
  @Nullable String decision;

  @Label("Delay")
  @Description("How long the supervisor waits before the restart")
  @Timespan(Timespan.NANOSECONDS)
  long delay;

  /** Records a failure and what is done about it, if somebody records. */
  static void record(Failure failure, SupervisorName supervisor, Strategy strategy) {
    if (FlightRecorder.isInitialized() && PROBE.isEnabled()) {
      RestartEvent event = new RestartEvent();
      Pid pid = failure.pid();
      Duration lived = failure.lived();
      event.supervisor = supervisor.toString();
      event.child = failure.child();
      event.process = pid == null ? 0 : pid.number();
      event.strategy = strategy.toString();
      event.reason = failure.cause();
      event.message = failure.handling();
      event.lived = lived == null ? 0 : lived.toNanos();
      event.decision = failure.verdict().toString();
      event.delay = failure.delay().toNanos();
      event.commit();
    }
  }
}
