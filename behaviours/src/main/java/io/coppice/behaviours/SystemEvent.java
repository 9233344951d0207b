package io.coppice.behaviours;

import io.coppice.kernel.process.Pid;
import org.jspecify.annotations.Nullable;

/**
 * Something a behaviour did while it was watched: by its {@linkplain Sys#log log}, statistics,
 * trace, or a function (semantics SY9, SY10).
 *
 * @param kind what it did
 * @param what the message it took or the answer it gave
 * @param other who asked or gets the answer, or null if that is not known
 */
public record SystemEvent(Kind kind, @Nullable Object what, @Nullable Pid other) {
  /** Kinds of events. */
  public enum Kind {
    /** It took a message. */
    IN,
    /** It answered a call. */
    OUT
  }
}
