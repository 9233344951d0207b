package io.coppice.kernel.testkit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A test on a {@link TestNode} has failed. The message begins with the seed and ends with the line
 * that repeats the run; the cause is what the code of the test threw, if it threw.
 */
public final class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1;

  /** What repeats the run. */
  private final long seed;

  SimulationFailure(long seed, String message, @Nullable Throwable cause) {
    super("Seed " + seed + ": " + message + "\n  " + Seeds.again(seed), cause);
    this.seed = seed;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage(), "made with a message");
  }

  /**
   * The seed of the node.
   *
   * @return what to give to {@link TestNode#replay} or {@link TestNode#start(long)} to see the same
   *     failure again
   */
  public long seed() {
    return seed;
  }
}
