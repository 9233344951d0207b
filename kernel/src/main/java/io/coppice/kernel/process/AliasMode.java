package io.coppice.kernel.process;

/**
 * What ends an {@link Alias}, beside {@link Context#unalias} and the end of its owner, which end
 * every one (semantics P50–P53).
 */
public enum AliasMode {
  /** Nothing else; an alias that is a monitor outlives its {@link Down} and demonitor. */
  EXPLICIT_UNALIAS,
  /** The first message that is received through it; not an exit signal. Not for monitors. */
  REPLY,
  /** For monitors: {@code demonitor}, or the {@link Down}. */
  DEMONITOR,
  /**
   * For monitors: {@code demonitor}, the {@link Down}, or the first message that is received
   * through it, not an exit signal; that message ends the monitor too, so no {@link Down} follows.
   */
  REPLY_DEMONITOR;

  boolean isForMonitors() {
    return this == DEMONITOR || this == REPLY_DEMONITOR;
  }
}
