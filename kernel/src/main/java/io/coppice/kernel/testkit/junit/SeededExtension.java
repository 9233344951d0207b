package io.coppice.kernel.testkit.junit;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Makes an invocation for each seed of a {@link Seeded} test, until one fails. Not to be used
 * otherwise.
 */
@SuppressWarnings("exports") // who uses it has JUnit
public final class SeededExtension implements TestTemplateInvocationContextProvider {
  private static final String ONLY = "coppice.seed";

  /** Made by JUnit. */
  public SeededExtension() {}

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getRequiredTestMethod(), Seeded.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Seeded seeded =
        AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Seeded.class)
            .orElseThrow();
    if (seeded.seeds() < 1) {
      throw new IllegalArgumentException(
          "seeds of "
              + context.getDisplayName()
              + " is "
              + seeded.seeds()
              + ", at least 1 is needed");
    }
    SeededRun run = new SeededRun(seeded, context);
    Long only = Long.getLong(ONLY);
    LongStream seeds =
        only == null
            ? LongStream.range(seeded.first(), seeded.first() + seeded.seeds())
            : LongStream.of(only);
    return seeds
        .takeWhile(_ -> !run.hasFailed())
        .<TestTemplateInvocationContext>mapToObj(seed -> new SeededInvocation(run, seed))
        .onClose(run::finish);
  }
}
