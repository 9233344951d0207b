package io.coppice.kernel.flags;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test of what cannot be had without the flags that open the JDK: disabled where they are
 * missing. Each stands in the README's list of such things.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsOpenJdk.Flags.class)
public @interface NeedsOpenJdk {
  /** Why, in a sentence. */
  String value();

  /** Looks whether both flags are there. */
  final class Flags implements ExecutionCondition {
    private static final Module TESTS = NeedsOpenJdk.class.getModule();

    /** With both, the JDK is open. */
    public static boolean areThere() {
      Module jdk = Object.class.getModule();
      return jdk.isOpen("java.lang", TESTS) && jdk.isOpen("jdk.internal.misc", TESTS);
    }

    /** Those of this JVM, for another one that is to be like it. */
    public static List<String> ofThisJvm() {
      return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(flag -> flag.startsWith("--add-opens=java.base/"))
          .toList();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return areThere()
          ? ConditionEvaluationResult.enabled("the JDK is open")
          : AnnotationSupport.findAnnotation(context.getElement(), NeedsOpenJdk.class)
              .map(need -> ConditionEvaluationResult.disabled(need.value()))
              .orElseGet(() -> ConditionEvaluationResult.enabled("it says nothing of the JDK"));
    }
  }
}
