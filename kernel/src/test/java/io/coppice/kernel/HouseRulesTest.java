package io.coppice.kernel;

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
        "io.coppice.kernel.process",
        "io.coppice.kernel.jdk",
        "io.coppice.kernel.time",
        "io.coppice.kernel.mailbox",
        "io.coppice.kernel.observe",
        "io.coppice.kernel.cell",
        "io.coppice.kernel.scheduler",
        "io.coppice.kernel.inspect",
        "io.coppice.kernel",
        "io.coppice.kernel.testkit",
        "io.coppice.kernel.testkit.junit");
  }
}
