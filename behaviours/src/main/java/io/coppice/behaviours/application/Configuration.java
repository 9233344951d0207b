package io.coppice.behaviours.application;

import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Settings of any number of applications, from a file or a command line (semantics AP11). Their
 * types are known when the application is loaded. Immutable.
 */
public final class Configuration {
  /** No settings at all. */
  public static final Configuration NONE = new Configuration(Map.of());

  private final Map<String, Map<String, Object>> settings;

  private Configuration(Map<String, Map<String, Object>> settings) {
    this.settings = settings;
  }

  /**
   * Adds a setting, in place of one with that name.
   *
   * @param application the name of the application
   * @param key the setting
   * @param value its value
   * @param <T> the type of the value
   * @return a changed copy
   * @throws IllegalArgumentException if the value is not allowed
   */
  public <T> Configuration with(String application, ConfigKey<T> key, T value) {
    return with(application, key.name(), key.read(value));
  }

  private Configuration with(String application, String name, Object value) {
    Map<String, Map<String, Object>> all = new TreeMap<>(settings);
    Map<String, Object> own = new TreeMap<>(of(application));
    own.put(name, value);
    all.put(application, Collections.unmodifiableMap(own));
    return new Configuration(all);
  }

  /**
   * The settings in properties whose names are {@code PREFIX APPLICATION . SETTING}, such as {@code
   * coppice.app.shop.port}. Other properties are left alone.
   *
   * @param properties for instance those of the JVM, or of a file
   * @param prefix what the names begin with, such as {@code coppice.app.}; may be empty
   * @return the settings, whose values are texts
   * @throws IllegalArgumentException if a name has the prefix and does not go on like that
   */
  public static Configuration of(Properties properties, String prefix) {
    Configuration all = NONE;
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(prefix)) {
        String rest = name.substring(prefix.length());
        int dot = rest.indexOf('.');
        if (dot <= 0 || dot == rest.length() - 1) {
          throw new IllegalArgumentException(
              "The property " + name + " is no setting: expected is " + prefix + "APPLICATION.KEY");
        }
        all = all.with(rest.substring(0, dot), rest.substring(dot + 1), property(properties, name));
      }
    }
    return all;
  }

  private static Object property(Properties properties, String name) {
    return properties.getProperty(name, "");
  }

  /** The settings of one application, by name. */
  Map<String, Object> of(String application) {
    return settings.getOrDefault(application, Map.of());
  }

  /** All settings, by application. */
  @Override
  public String toString() {
    return settings.toString();
  }
}
