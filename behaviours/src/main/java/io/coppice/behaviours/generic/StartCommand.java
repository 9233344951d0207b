package io.coppice.behaviours.generic;

import org.jspecify.annotations.Nullable;

/**
 * The payload of the first message of every behaviour: the order to run {@code init}.
 *
 * <p>A start that succeeds is answered; one that fails is not, so that the kernel tells the starter
 * only when the process is gone and its name free (G5). What the starter is to be told then, where
 * that is not the exit reason, it finds here.
 */
public final class StartCommand {
  private final boolean linked;
  private volatile @Nullable Initial outcome;

  /**
   * An order.
   *
   * @param linked whether the starter linked itself with the process and so is its parent (G2)
   */
  public StartCommand(boolean linked) {
    this.linked = linked;
  }

  boolean linked() {
    return linked;
  }

  void outcome(Initial value) {
    outcome = value;
  }

  /**
   * What came of the start, for the starter.
   *
   * @return null if {@code init} did not return
   */
  public @Nullable Initial outcome() {
    return outcome;
  }

  @Override
  public String toString() {
    return "start";
  }
}
