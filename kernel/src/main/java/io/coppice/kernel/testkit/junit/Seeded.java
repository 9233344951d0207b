package io.coppice.kernel.testkit.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs once for each of many seeds, each time on a fresh {@link
 * io.coppice.kernel.testkit.TestNode}, which is its parameter.
 *
 * {@snippet class="io.coppice.kernel.testkit.junit.SeededSnippetsTest" region="seeded"}
 *
 * <p>Each seed is an invocation of its own, called {@code seed 437}; methods that run before and
 * after each test may have the node as a parameter, too. The first seed that fails is the last one:
 * its failure says how to repeat the run, which is the system property {@code coppice.seed} (with
 * Maven {@code -Dcoppice.seed=437}). With that property the test runs with this seed only.
 *
 * <p>The node is closed after each invocation, and what is left over fails the test, as it does in
 * {@link io.coppice.kernel.testkit.TestNode#close}. At the end the number of different
 * interleavings is logged ({@link System.Logger} {@code io.coppice.kernel.testkit}, level {@code
 * INFO}) and published as a report entry.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeededExtension.class)
@SuppressWarnings("exports") // who uses it has JUnit
public @interface Seeded {
  /**
   * How many seeds.
   *
   * @return 1 or more
   */
  int seeds() default 100;

  /**
   * The first seed; the others follow it.
   *
   * @return any number
   */
  long first() default 1;

  /**
   * How long one wait of the test may take in real time.
   *
   * @return milliseconds, 1 or more
   */
  long realTimeLimitMillis() default 30_000;

  /**
   * Whether locks that are held across turns are found.
   *
   * @return as in {@link io.coppice.kernel.testkit.TestOptions#lockCheck()}
   */
  boolean lockCheck() default true;

  /**
   * Whether messages of mutable types fail the test.
   *
   * @return as in {@link io.coppice.kernel.testkit.TestOptions#messageCheck()}
   */
  boolean messageCheck() default true;

  /**
   * Types that the check of messages lets pass.
   *
   * @return as in {@link io.coppice.kernel.testkit.TestOptions#mutableMessages()}
   */
  Class<?>[] mutableMessages() default {};
}
