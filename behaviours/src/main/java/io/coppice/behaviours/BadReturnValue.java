package io.coppice.behaviours;

import org.jspecify.annotations.Nullable;

/**
 * The term of the exit reason of a behaviour whose callback returned what it must not (semantics
 * GS2): null, or through {@link ControlThrow} the result of another callback.
 *
 * @param callback the callback, e.g. {@code Counter.handleCall}
 * @param value what it returned
 */
public record BadReturnValue(String callback, @Nullable Object value) {
  @Override
  public String toString() {
    return "{bad_return_value, " + value + "} from " + callback;
  }
}
