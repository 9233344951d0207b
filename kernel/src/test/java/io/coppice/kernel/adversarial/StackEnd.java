package io.coppice.kernel.adversarial;

/** Goes down to the end of the stack and does something at each of the last levels. */
final class StackEnd {
  private static final int LEVELS = 700; // the last ones: from "works" to "no room for anything"

  /** What is done at a level, which may throw a StackOverflowError: the next level comes anyhow. */
  @FunctionalInterface
  interface Step {
    void at(int level) throws Exception;
  }

  private final Step step;
  private final boolean onTheWayUp;
  private int deepest;
  private int from = Integer.MAX_VALUE;

  private StackEnd(Step step, boolean onTheWayUp) {
    this.step = step;
    this.onTheWayUp = onTheWayUp;
  }

  /**
   * Goes down twice, first only to see how far that is. Comes back without an error.
   *
   * @param salt the sizes of the frames depend on it; if even, the step is done on the way up only,
   *     so that what is done for the first time has no room
   */
  static void reach(int salt, Step step) throws Exception {
    StackEnd descent = new StackEnd(step, salt % 2 == 0);
    descent.down(0, salt);
    descent.from = Math.max(0, descent.deepest - LEVELS);
    descent.down(0, salt);
  }

  private long down(int level, long a) throws Exception {
    deepest = Math.max(deepest, level);
    boolean acts = level >= from;
    if (acts && !onTheWayUp) {
      act(level);
    }
    long below = a;
    try {
      below += a % 3 == 0 ? wide(level, a, a * 3, a * 5) : down(level + 1, a * 5 + 1);
    } catch (StackOverflowError theEnd) {
      below++;
    }
    if (acts && onTheWayUp) {
      act(level);
    }
    return below;
  }

  private void act(int level) throws Exception {
    try {
      step.at(level - from);
    } catch (StackOverflowError noRoom) {
      deepest = Math.max(deepest, level);
    }
  }

  private long wide(int level, long a, long b, long c) throws Exception {
    return down(level + 1, a + level) + b * c;
  }
}
