package io.coppice.kernel.testkit.junit;

import io.coppice.kernel.testkit.SimulationFailure;
import io.coppice.kernel.testkit.TestNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.opentest4j.IncompleteExecutionException;

/** One seed: its node, from the first parameter that wants it to the end of the invocation. */
final class SeededInvocation
    implements TestTemplateInvocationContext,
        ParameterResolver,
        TestExecutionExceptionHandler,
        AfterEachCallback {
  private final SeededRun run;
  private final long seed;
  private @Nullable TestNode node;

  SeededInvocation(SeededRun run, long seed) {
    this.run = run;
    this.seed = seed;
  }

  @Override
  public String getDisplayName(int invocationIndex) {
    return "seed " + seed;
  }

  @Override
  public List<Extension> getAdditionalExtensions() {
    return List.of(this);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestNode.class;
  }

  @Override
  public TestNode resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TestNode made = node;
    if (made == null) {
      made = run.start(seed);
      node = made;
    }
    return made;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    boolean isFailure =
        !(thrown instanceof SimulationFailure)
            && !(thrown instanceof IncompleteExecutionException) // an assumption does not hold
            && (thrown instanceof Exception || thrown instanceof AssertionError);
    throw isFailure && node != null ? node.failure(thrown) : thrown;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    boolean passed = false;
    try {
      if (node != null) {
        node.close();
        run.ended(node);
      }
      passed =
          context
              .getExecutionException()
              .map(IncompleteExecutionException.class::isInstance)
              .orElse(true);
    } finally {
      if (!passed) {
        run.fail();
      }
    }
  }
}
