package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor did not start (semantics SU13). It is dead, and so are the children it had started.
 *
 * <p>Where a child was the cause, the reason is {@code {shutdown, {failed_to_start_child, Id,
 * Reason}}}: a {@link ExitReason.Shutdown} whose detail is a {@link FailedToStartChild}.
 */
public final class StartFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient ExitReason reason;

  StartFailed(String supervisor, ExitReason reason) {
    super(supervisor + " did not start (" + reason + "): " + sentence(reason), cause(reason));
    this.reason = reason;
  }

  /**
   * What the supervisor ended with.
   *
   * @return the OTP reason
   */
  public ExitReason reason() {
    return reason;
  }

  private static String sentence(ExitReason reason) {
    return reason instanceof ExitReason.Shutdown(FailedToStartChild(String id, ExitReason why))
        ? "its child " + id + " could not be started, because " + why.describe()
        : reason.describe();
  }

  private static @Nullable Throwable cause(ExitReason reason) {
    return switch (reason) {
      case ExitReason.Crashed(Throwable error) -> error;
      case ExitReason.Shutdown(FailedToStartChild(_, ExitReason why)) -> cause(why);
      default -> null;
    };
  }
}
