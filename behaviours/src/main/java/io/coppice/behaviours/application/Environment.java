package io.coppice.behaviours.application;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The settings of one application (semantics AP11). Always as they are now: a value that is set
 * later is seen. Any thread may read them, without waiting.
 */
public final class Environment {
  private final Environments all;
  private final String application;

  Environment(Environments all, String application) {
    this.all = all;
    this.application = application;
  }

  /**
   * The application.
   *
   * @return its name
   */
  public String application() {
    return application;
  }

  /**
   * A setting, if it has a value ({@code get_env/2}). Defaults do not count.
   *
   * @param key the setting
   * @param <T> the type of the value
   * @return the value, or empty
   * @throws IllegalArgumentException if there is a value that the key does not allow
   */
  public <T> Optional<T> find(ConfigKey<T> key) {
    return Optional.ofNullable(all.of(application).get(key.name())).map(key::read);
  }

  /**
   * A setting, with the default of its key.
   *
   * @param key the setting
   * @param <T> the type of the value
   * @return the value, or the default of the key
   * @throws NoSuchElementException if there is neither
   * @throws IllegalArgumentException if there is a value that the key does not allow
   */
  public <T> T get(ConfigKey<T> key) {
    return find(key)
        .or(key::normal)
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "The application "
                        + application
                        + " has no setting "
                        + key.name()
                        + ", and its key has no default; set it in the specification, the"
                        + " configuration or on the command line"));
  }

  /**
   * A setting, with a default for this once ({@code get_env/3}).
   *
   * @param key the setting
   * @param otherwise what to return where no value is set
   * @param <T> the type of the value
   * @return the value, or the one given
   * @throws IllegalArgumentException if there is a value that the key does not allow
   */
  public <T> T get(ConfigKey<T> key, T otherwise) {
    return find(key).orElse(otherwise);
  }

  /**
   * All settings that have a value.
   *
   * @return a snapshot, by name; values that no key of the specification declares are as they came
   */
  public Map<String, Object> all() {
    return all.of(application);
  }

  /** The name of the application and its settings. */
  @Override
  public String toString() {
    return application + all();
  }
}
