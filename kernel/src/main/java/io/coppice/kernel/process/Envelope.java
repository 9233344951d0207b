package io.coppice.kernel.process;

/**
 * A message that only carries another one, for instance a cast to a server. The tools show the type
 * of what is inside.
 */
public interface Envelope {
  /**
   * What is carried.
   *
   * @return the message proper
   */
  Object message();
}
