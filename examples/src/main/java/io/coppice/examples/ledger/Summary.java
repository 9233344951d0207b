package io.coppice.examples.ledger;

import io.coppice.examples.ledger.audit.Audit;
import io.coppice.examples.ledger.load.Meter;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.Pid;
import java.io.PrintStream;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What is said at the end, and the verdict. */
record Summary(PrintStream out, LedgerServer server, Meter meter) {
  private static final int FINDINGS_MAX = 20;

  /** Prints it; true if all promises were kept. Call it when the server is closed. */
  boolean print(Audit.Result audit) {
    Histogram times = meter.total();
    out.println();
    out.printf(
        "load   %,d requests answered, p50 %.2f ms, p99 %.2f ms, longest %.0f ms%n",
        times.getTotalCount(),
        times.getValueAtPercentile(50) / 1000.0,
        times.getValueAtPercentile(99) / 1000.0,
        times.getMaxValue() / 1000.0);
    out.printf(
        "       %,d transfers acknowledged, %,d refused as overdrafts, %,d sent twice on purpose%n",
        audit.acked(), meter.overdrafts(), meter.replays());
    out.printf(
        "       %,d attempts repeated after 503, resets and time-outs; %,d of them: queue full%n",
        meter.retries(), server.turnedAway());
    out.printf("chaos  %,d killed: %s%n", server.tally().total(), server.tally());
    out.printf(
        "       %,d crashes, %,d restarts by supervisors%n",
        server.incidents().crashes(), server.incidents().restarts());
    boolean passed = print(out, audit);
    boolean clean = leftovers();
    boolean served = verdict(meter.broken() == 0, "every request got the answer it should have");
    boolean thorough =
        server.options().chaos().rate() == 0
            || verdict(server.tally().spared().isEmpty(), "chaos has killed one of each role");
    boolean all = passed && clean && served && thorough;
    out.println(all ? "\nALL PROMISES KEPT" : "\nPROMISES BROKEN");
    return all;
  }

  /** The findings of an audit; true if there are none. */
  static boolean print(PrintStream out, Audit.Result audit) {
    if (audit.passed()) {
      out.printf(
          "audit  ok: %,d acknowledged transfers, each booked exactly once%n", audit.acked());
      out.printf(
          "       ok: %,d minted, and all of it in %d accounts; %,d transfers in all, each balance"
              + " is the sum of its entries%n",
          audit.minted(), audit.accounts(), audit.transfers());
      return true;
    }
    out.printf("audit  FAILED, %,d findings%n", audit.findings().size());
    List<String> findings = audit.findings();
    findings.stream().limit(FINDINGS_MAX).forEach(finding -> out.println("       " + finding));
    return false;
  }

  private boolean leftovers() {
    Node node = server.node();
    for (Pid pid : node.processes()) {
      node.info(pid).ifPresent(info -> out.println("       " + info + info.stack()));
    }
    return verdict(
        node.processCount() == 0 && node.timerCount() == 0 && node.zombieCount() == 0,
        "left over after close: %d processes, %d timers, %d zombies"
            .formatted(node.processCount(), node.timerCount(), node.zombieCount()));
  }

  private boolean verdict(boolean ok, String what) {
    out.println("       " + (ok ? "ok: " : "FAILED: ") + what);
    return ok;
  }
}
