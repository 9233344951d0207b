/**
 * Tests with many seeds as tests of JUnit: {@link io.coppice.kernel.testkit.junit.Seeded}. Needs
 * JUnit 6 or newer, which the kernel itself does not.
 */
package io.coppice.kernel.testkit.junit;
