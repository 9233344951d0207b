package io.coppice.behaviours.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Sys.changeCode} of an event manager takes (semantics SY6): for whom the new code is.
 * Without one, all handlers run {@code codeChange} of the code they have.
 *
 * @param handler the handlers with this id
 * @param code their new callbacks, or null to keep theirs
 */
public record NewCode(HandlerId<?> handler, @Nullable EventHandler<?, ?, ?> code) {
  /** Refuses code for nobody. */
  public NewCode {
    Objects.requireNonNull(handler, "handler");
  }
}
