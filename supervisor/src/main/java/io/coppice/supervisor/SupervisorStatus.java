package io.coppice.supervisor;

import java.util.List;
import java.util.Objects;

/**
 * A supervisor at one moment: what tools show as its state (semantics SY4, SY8).
 *
 * @param name which supervisor
 * @param strategy in OTP's words, such as {@code one_for_one}; {@code dynamic} for a {@link
 *     DynamicSupervisor}
 * @param counts how many children
 * @param children all of them, newest first
 * @param suspended whether it keeps what arrives for later
 */
public record SupervisorStatus(
    SupervisorName name,
    String strategy,
    ChildCounts counts,
    List<ChildInfo> children,
    boolean suspended) {
  /** Refuses null, and copies the list. */
  public SupervisorStatus {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(strategy, "strategy");
    Objects.requireNonNull(counts, "counts");
    children = List.copyOf(children);
  }
}
