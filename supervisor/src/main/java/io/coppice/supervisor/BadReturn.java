package io.coppice.supervisor;

import java.util.Objects;

/**
 * The term of the reason with which a supervisor ends whose code returned null where a value is
 * needed ({@code bad_return}, semantics SU2).
 *
 * @param code the class of the code
 * @param callback which of its functions
 */
public record BadReturn(String code, String callback) {
  /** Refuses null. */
  public BadReturn {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(callback, "callback");
  }

  @Override
  public String toString() {
    return "{bad_return, {" + code + ", " + callback + ", null}}";
  }
}
