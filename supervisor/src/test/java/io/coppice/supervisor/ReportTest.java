package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What reports look like to whoever is woken by them. */
final class ReportTest {
  private static final SupervisorName SHOP = new SupervisorName(new FakePid(4), "shop");
  private static final ChildSpec CART = ChildSpec.starting("cart", _ -> StartResult.ignored());
  private static final Offender CART_7 = Offender.one(new FakePid(7), CART);

  private static String firstLine(ErrorContext context, ExitReason reason, Offender offender) {
    return new SupervisorReport(SHOP, context, reason, offender)
        .text()
        .lines()
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName(
      "SUP-077 the first line of a report says it all, details follow, long messages are cut")
  void texts() {
    ExitReason boom = ExitReason.crashed(new IllegalStateException("boom"));
    assertEquals(
        "Supervisor shop <4> started its child cart <7> (permanent worker, shutdown within 5 s)",
        new ProgressReport(SHOP, CART_7, Level.INFO).text());
    assertEquals(
        "Supervisor shop <4> lost its child cart <7>, which is to be restarted: its code threw"
            + " java.lang.IllegalStateException: boom",
        firstLine(ErrorContext.CHILD_TERMINATED, boom, CART_7));
    assertEquals(
        "Supervisor shop <4> could not start its child cart: its code threw"
            + " java.lang.IllegalStateException: boom",
        firstLine(ErrorContext.START_ERROR, boom, Offender.one(null, CART)));
    assertEquals(
        "Supervisor shop <4> had trouble stopping 12 of its cart children: it was killed because it"
            + " had not ended within 5 s",
        firstLine(
            ErrorContext.SHUTDOWN_ERROR, ExitReason.KILLED, Offender.several(null, 12, CART)));
    assertEquals(
        "Supervisor shop <4> gives up: more than 3 restarts would be needed within 250 ms; the last"
            + " to fail was its child cart <7>",
        firstLine(
            ErrorContext.SHUTDOWN,
            new ReachedMaxIntensity(3, Duration.ofMillis(250), "cart", List.of()).asReason(),
            CART_7));
    String details = new SupervisorReport(SHOP, ErrorContext.START_ERROR, boom, CART_7).text();
    assertTrue(details.contains("\n  context: start_error\n"), details);
    assertTrue(details.contains("\n  child:   permanent worker, shutdown within 5 s\n"), details);
    assertTrue(details.contains("at io.coppice.supervisor.ReportTest"), details);
    assertEquals(201, new UnexpectedMessage(SHOP, "x".repeat(10_000)).message().length());
  }
}
