package io.coppice.kernel.testkit;

import java.time.Duration;

/**
 * A fault that was injected.
 *
 * @param at the virtual time
 * @param step the step of the run
 * @param what what happened to whom
 * @param rule the rule that it follows, in words
 */
public record InjectedFault(Duration at, long step, String what, String rule) {
  @Override
  public String toString() {
    return "at " + at + ", step " + step + ": " + what + " (rule: " + rule + ")";
  }
}
