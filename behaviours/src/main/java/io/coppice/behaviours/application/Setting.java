package io.coppice.behaviours.application;

import java.util.Objects;

/**
 * A value for a setting of an application (semantics AP11).
 *
 * @param application the name of the application
 * @param key the setting
 * @param value the value
 * @param <T> the type of the value
 */
public record Setting<T>(String application, ConfigKey<T> key, T value) {
  /**
   * Refuses what the key does not allow.
   *
   * @throws IllegalArgumentException if the value is not allowed, or the name is blank
   */
  public Setting {
    Objects.requireNonNull(key, "key");
    if (application.isBlank()) {
      throw new IllegalArgumentException(
          "The setting " + key.name() + " is given for an application with a blank name.");
    }
    value = key.read(value);
  }
}
