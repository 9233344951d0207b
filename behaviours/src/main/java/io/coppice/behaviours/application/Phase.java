package io.coppice.behaviours.application;

import java.util.Objects;

/**
 * A step of a start that comes after the start itself (semantics AP5).
 *
 * @param name what it is called
 * @param argument anything the application wants to get with it
 */
public record Phase(String name, Object argument) {
  /** Refuses null and blank names. */
  public Phase {
    Objects.requireNonNull(argument, "argument");
    if (name.isBlank()) {
      throw new IllegalArgumentException("The name of a start phase cannot be blank.");
    }
  }
}
