package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Report;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.util.Objects;

/**
 * Something went wrong with a child (semantics SU91). Level ERROR.
 *
 * @param supervisor whose child it is
 * @param context what the supervisor was doing
 * @param reason why the child ended or could not be started; for {@link ErrorContext#SHUTDOWN} a
 *     {@link ReachedMaxIntensity}
 * @param offender the child, or the children that ended with the same reason
 */
public record SupervisorReport(
    SupervisorName supervisor, ErrorContext context, ExitReason reason, Offender offender)
    implements Report {
  /** Refuses null. */
  public SupervisorReport {
    Objects.requireNonNull(supervisor, "supervisor");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(offender, "offender");
  }

  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    StringWriter out = new StringWriter();
    out.append("Supervisor ").append(supervisor.toString()).append(' ').append(headline());
    out.append("\n  context: ").append(context.toString());
    out.append("\n  reason:  ").append(reason.toString());
    out.append("\n  child:   ").append(offender.details());
    // A child that crashed has made a crash report with the stack; a start that threw has not.
    if (context == ErrorContext.START_ERROR
        && reason instanceof ExitReason.Crashed(Throwable error)) {
      out.append('\n');
      error.printStackTrace(new PrintWriter(out, true));
    }
    if (reason instanceof ExitReason.Custom(ReachedMaxIntensity tooMany)) {
      tooMany.history().forEach(failure -> out.append("\n  failure: ").append(failure.toString()));
    }
    return out.toString().stripTrailing();
  }

  private String headline() {
    String child = offender.subject();
    return switch (context) {
      case START_ERROR -> "could not start " + child + ": " + reason.describe();
      case CHILD_TERMINATED -> "lost " + child + ", " + next() + ": " + reason.describe();
      case SHUTDOWN_ERROR -> "had trouble stopping " + child + ": " + stopped();
      case SHUTDOWN -> "gives up" + limit() + "; the last to fail was " + child;
    };
  }

  private String next() {
    return offender.restart().restartsAfter(reason) ? "which is to be restarted" : "for good";
  }

  private String stopped() {
    if (reason instanceof ExitReason.Killed
        && offender.shutdown() instanceof Shutdown.Within(var time)) {
      return "it was killed because it had not ended within " + Times.text(time);
    }
    return reason.describe();
  }

  private String limit() {
    if (reason instanceof ExitReason.Custom(ReachedMaxIntensity(int intensity, var period, _, _))) {
      String restarts = intensity == 1 ? " restart" : " restarts";
      return ": more than "
          + intensity
          + restarts
          + " would be needed within "
          + Times.text(period);
    }
    return "";
  }
}
