package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;

/**
 * What a supervisor ends with when it gives up because too many restarts would be needed (SU33). It
 * matters to its own supervisor, which sees nothing but the reason; the report is the same for all.
 */
public enum GivingUp {
  /**
   * Plain {@code shutdown}, as in OTP. The default. A clean reason: a transient supervisor that
   * gives up is <em>not</em> restarted.
   */
  SHUTDOWN,
  /**
   * {@code {shutdown, detail}} with a {@link ReachedMaxIntensity}: still a clean reason, but one
   * that says why, to monitors and in the report of the supervisor above.
   */
  DETAILED,
  /**
   * The {@link ReachedMaxIntensity} itself: an abnormal reason, after which a transient supervisor
   * is restarted as well.
   */
  ABNORMAL;

  ExitReason reason(ReachedMaxIntensity why) {
    return switch (this) {
      case SHUTDOWN -> ExitReason.SHUTDOWN;
      case DETAILED -> ExitReason.shutdown(why);
      case ABNORMAL -> why.asReason();
    };
  }
}
