package io.coppice.houserules;

import java.util.List;
import java.util.function.Function;

/**
 * One rule of the house.
 *
 * @param name what holds, as a sentence without a full stop
 * @param cure what to do where it does not hold
 * @param violations finds the places, each described in a line
 */
record Rule(String name, String cure, Function<Code, List<String>> violations) {
  /** Fails with all places and the cure. */
  void check(Code code) {
    List<String> found = violations.apply(code);
    if (!found.isEmpty()) {
      throw new AssertionError(
          "House rule: %s.%nCure: %s.%nBroken by:%n  %s"
              .formatted(name, cure, String.join("\n  ", found)));
    }
  }
}
