package io.coppice.bench.suite;

/** The computation of fan_out_compute: a linear congruential generator, step by step. */
public final class Lcg {
  /*
   * Fields that are not final: the JIT must not know the factors, or it multiplies many steps into
   * one and the work shrinks.
   */
  private static long factor = 6_364_136_223_846_793_005L;
  private static long summand = 1_442_695_040_888_963_407L;

  private Lcg() {}

  /**
   * Makes steps.
   *
   * @param seed the first value
   * @param count how many
   * @return the value after them
   */
  public static long steps(long seed, int count) {
    long x = seed;
    long a = factor;
    long c = summand;
    for (int i = 0; i < count; i++) {
      x = x * a + c;
    }
    return x;
  }

  /**
   * The sum of what comes of the first seeds, by squaring the step: worked out in another way.
   *
   * @param seeds how many, from 0
   * @param count of steps from each
   * @return the sum
   */
  static long sum(int seeds, int count) {
    long a = 1;
    long c = 0;
    long squareA = factor;
    long squareC = summand;
    for (int left = count; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        c = c * squareA + squareC;
        a *= squareA;
      }
      squareC = squareC * squareA + squareC;
      squareA *= squareA;
    }
    return a * (seeds * (seeds - 1L) / 2) + c * seeds;
  }
}
