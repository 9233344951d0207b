package io.coppice.kernel.process;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to monitor. Immutable; each method returns a changed copy.
 *
 * @param tag what the message at the end carries: {@link TaggedDown} with this tag comes in place
 *     of {@link Down} (P47); null (default) for {@link Down}
 * @param alias makes the monitor an alias too, which ends as the mode says (P53); null (default)
 *     for no alias; not {@link AliasMode#REPLY}
 * @param priority the place of the message at the end (P70); default {@link Priority#NORMAL}
 */
public record MonitorOptions(@Nullable Object tag, @Nullable AliasMode alias, Priority priority) {
  /** The default: {@link Down}, no alias, an ordinary message. */
  public static final MonitorOptions DEFAULT = new MonitorOptions(null, null, Priority.NORMAL);

  /** Checks the mode of the alias. */
  public MonitorOptions {
    Objects.requireNonNull(priority, "priority");
    if (alias == AliasMode.REPLY) {
      throw new IllegalArgumentException(
          "The alias of a monitor cannot have the mode REPLY; REPLY_DEMONITOR ends both with the"
              + " first reply");
    }
  }

  /**
   * Marks the message at the end (P47).
   *
   * @param value any immutable value
   * @return a changed copy
   */
  public MonitorOptions tag(Object value) {
    return new MonitorOptions(Objects.requireNonNull(value, "tag"), alias, priority);
  }

  /**
   * Makes the monitor an alias too (P53).
   *
   * @param mode what ends the alias, not {@link AliasMode#REPLY}
   * @return a changed copy
   */
  public MonitorOptions alias(AliasMode mode) {
    return new MonitorOptions(tag, Objects.requireNonNull(mode, "alias"), priority);
  }

  /**
   * The place of the message at the end (P70).
   *
   * @param value {@link Priority#HIGH} for a place before all ordinary messages
   * @return a changed copy
   */
  public MonitorOptions priority(Priority value) {
    return new MonitorOptions(tag, alias, value);
  }
}
