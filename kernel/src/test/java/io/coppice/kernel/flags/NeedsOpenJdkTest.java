package io.coppice.kernel.flags;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Tests that need the flags run where these are, and only there. */
class NeedsOpenJdkTest {
  private static final String WHY = "why: it needs them";

  /** One test that needs the flags, and one that does not. */
  static class Sample {
    @Test
    @NeedsOpenJdk(WHY)
    void needy() {}

    @Test
    void modest() {}
  }

  /** All of it needs the flags. */
  @NeedsOpenJdk(WHY)
  @DisplayName("all of it")
  static class NeedySample {
    @Test
    void needy() {}
  }

  private static List<String> run(Class<?> sample) {
    List<String> results = new ArrayList<>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(sample)).build();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionSkipped(TestIdentifier test, String reason) {
            results.add(test.getDisplayName() + " skipped, " + reason);
          }

          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
              results.add(test.getDisplayName() + " " + result.getStatus());
            }
          }
        };
    LauncherFactory.create().execute(request, listener);
    return results.stream().sorted().toList();
  }

  @Test
  @DisplayName("with the flags nothing is disabled; without, what needs them is, and says why")
  void disabled() {
    if (NeedsOpenJdk.Flags.areThere()) {
      assertEquals(List.of("modest() SUCCESSFUL", "needy() SUCCESSFUL"), run(Sample.class));
      assertEquals(List.of("needy() SUCCESSFUL"), run(NeedySample.class));
    } else {
      assertEquals(List.of("modest() SUCCESSFUL", "needy() skipped, " + WHY), run(Sample.class));
      assertEquals(List.of("all of it skipped, " + WHY), run(NeedySample.class));
    }
  }
}
