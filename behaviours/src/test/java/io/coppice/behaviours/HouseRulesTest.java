package io.coppice.behaviours;

import io.coppice.houserules.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The rules of the house, over this module. */
class HouseRulesTest {
  @TestFactory
  @DisplayName("house rule:")
  Stream<DynamicTest> rules() {
    return HouseRules.tests(
        HouseRulesTest.class,
        "io.coppice.behaviours",
        "io.coppice.behaviours.generic",
        "io.coppice.behaviours.channel",
        "io.coppice.behaviours.server",
        "io.coppice.behaviours.event",
        "io.coppice.behaviours.statem",
        "io.coppice.behaviours.proc",
        "io.coppice.behaviours.task",
        "io.coppice.behaviours.application",
        "io.coppice.behaviours.agent",
        "io.coppice.behaviours.pg",
        "io.coppice.behaviours.registry",
        "io.coppice.behaviours.pool");
  }
}
