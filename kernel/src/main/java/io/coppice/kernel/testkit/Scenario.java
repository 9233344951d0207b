package io.coppice.kernel.testkit;

/** A test that {@link TestNode#forSeeds} runs with one node after another. */
@FunctionalInterface
public interface Scenario {
  /**
   * Runs the test once.
   *
   * @param node a fresh node, closed afterwards
   * @throws Exception to fail the test
   */
  void run(TestNode node) throws Exception;
}
