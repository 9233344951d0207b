package io.coppice.behaviours.application;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The settings of all applications of a node (semantics AP11). Written by the controller's process
 * only; any thread reads {@link #of}.
 */
final class Environments {
  /*
   * What is read is one unmodifiable map per application, replaced as a whole: a reader sees all of
   * a change or nothing. Where its values come from is looked at when it is made, at the load and
   * at a change of the configuration; the later of these wins: what was set before the load, the
   * specification, what was set persistently, the configuration, the command line. What is set
   * while an application is loaded goes over all of them, until the next of these two moments.
   */
  private final Map<String, Map<String, Object>> effective = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Object>> persistent = new HashMap<>();
  private final Configuration commandLine;
  private Configuration configuration;

  Environments(Configuration configuration, Configuration commandLine) {
    this.configuration = configuration;
    this.commandLine = commandLine;
  }

  /** The settings of an application, whether it is loaded or not. */
  Map<String, Object> of(String application) {
    return effective.getOrDefault(application, Map.of());
  }

  /** At a load; on an exception nothing has changed. */
  void load(Collection<ApplicationSpec> specs) {
    Map<String, Map<String, Object>> news = new TreeMap<>();
    specs.forEach(spec -> news.put(spec.name(), merged(spec, of(spec.name()))));
    news.forEach(this::put);
  }

  void unload(String application) {
    effective.remove(application);
  }

  private Map<String, Object> merged(ApplicationSpec spec, Map<String, Object> before) {
    String name = spec.name();
    Map<String, Object> all = new TreeMap<>(before);
    all.putAll(spec.environment());
    all.putAll(persistent.getOrDefault(name, Map.of()));
    all.putAll(configuration.of(name));
    all.putAll(commandLine.of(name));
    for (ConfigKey<?> key : spec.keys()) {
      Object raw = all.get(key.name());
      if (raw != null) {
        all.put(key.name(), checked(name, key, raw));
      }
    }
    return all;
  }

  private static Object checked(String application, ConfigKey<?> key, Object raw) {
    try {
      return key.read(raw);
    } catch (IllegalArgumentException refused) {
      throw new ApplicationException(
          new ApplicationProblem.BadConfiguration(
              application, key.name(), String.valueOf(refused.getMessage())));
    }
  }

  private void put(String application, Map<String, Object> settings) {
    effective.put(application, Collections.unmodifiableMap(settings));
  }

  /** All of them or, on an exception, none. */
  void set(List<Setting<?>> settings, boolean persistently, Map<String, ApplicationSpec> loaded) {
    Map<String, Map<String, Object>> news = new TreeMap<>();
    for (Setting<?> setting : settings) {
      String application = setting.application();
      Object value = setting.value();
      ApplicationSpec spec = loaded.get(application);
      if (spec != null) {
        for (ConfigKey<?> declared : spec.keys()) {
          if (declared.name().equals(setting.key().name())) {
            value = checked(application, declared, value);
          }
        }
      }
      news.computeIfAbsent(application, _ -> new TreeMap<>()).put(setting.key().name(), value);
    }
    news.forEach(
        (application, values) -> {
          Map<String, Object> all = new TreeMap<>(of(application));
          all.putAll(values);
          put(application, all);
          if (persistently) {
            persistent.computeIfAbsent(application, _ -> new TreeMap<>()).putAll(values);
          }
        });
  }

  void unset(String application, String key) {
    Map<String, Object> all = new TreeMap<>(of(application));
    all.remove(key);
    put(application, all);
    Map<String, Object> kept = persistent.get(application);
    if (kept != null) {
      kept.remove(key);
    }
  }

  /** The differences, by application; on an exception nothing has changed. */
  Map<String, ConfigChange> change(Configuration next, Collection<ApplicationSpec> loaded) {
    Configuration last = configuration;
    configuration = next;
    Map<String, Map<String, Object>> news = new TreeMap<>();
    try {
      for (ApplicationSpec spec : loaded) {
        news.put(spec.name(), merged(spec, Map.of()));
      }
    } catch (ApplicationException refused) {
      configuration = last;
      throw refused;
    }
    Map<String, ConfigChange> changes = new TreeMap<>();
    news.forEach(
        (application, settings) -> {
          ConfigChange change = ConfigChange.between(of(application), settings);
          if (!change.isEmpty()) {
            changes.put(application, change);
          }
          put(application, settings);
        });
    return changes;
  }
}
