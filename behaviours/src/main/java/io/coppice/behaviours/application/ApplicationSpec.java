package io.coppice.behaviours.application;

import io.coppice.supervisor.Supervisor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an application is: its code, what it needs, and its settings (semantics AP1–AP5, AP11). The
 * counterpart of OTP's {@code .app} file, without the keys that mean nothing here ({@code modules},
 * {@code registered}, {@code maxT}, {@code maxP}).
 *
 * {@snippet class="io.coppice.behaviours.application.Shop" region="spec"}
 *
 * <p>Immutable; each method returns a changed copy.
 */
public final class ApplicationSpec {
  private final String name;
  private final @Nullable Supplier<? extends Application<?>> code;
  private final About about;
  private final Needs needs;
  private final List<Phase> phases;
  private final Map<String, ConfigKey<?>> keys;
  private final Map<String, Object> environment;

  private record About(String description, String version) {}

  private record Needs(
      List<String> applications, Set<String> optional, List<String> included, boolean phased) {}

  private ApplicationSpec(
      String name, @Nullable Supplier<? extends Application<?>> code, Parts parts) {
    this.name = name;
    this.code = code;
    this.about = parts.about;
    this.needs = parts.needs;
    this.phases = parts.phases;
    this.keys = parts.keys;
    this.environment = parts.environment;
  }

  private record Parts(
      About about,
      Needs needs,
      List<Phase> phases,
      Map<String, ConfigKey<?>> keys,
      Map<String, Object> environment) {
    static final Parts NONE =
        new Parts(
            new About("", ""),
            new Needs(List.of(), Set.of(), List.of(), false),
            List.of(),
            Map.of(),
            Map.of());
  }

  /**
   * An application with callbacks.
   *
   * @param name its name, not blank, without dots
   * @param code makes the callbacks for one life of the application, in its process
   * @return the specification
   */
  public static ApplicationSpec of(String name, Supplier<? extends Application<?>> code) {
    return new ApplicationSpec(checked(name), Objects.requireNonNull(code, "code"), Parts.NONE);
  }

  /**
   * An application that is just a supervisor.
   *
   * @param name its name, not blank, without dots
   * @param top its top supervisor
   * @return the specification
   */
  public static ApplicationSpec of(String name, Supervisor top) {
    Objects.requireNonNull(top, "top");
    return of(name, () -> (self, environment) -> Startup.ok(top.start(self).pid()));
  }

  /**
   * An application without processes: settings, and a name for others to depend on.
   *
   * @param name its name, not blank, without dots
   * @return the specification
   */
  public static ApplicationSpec library(String name) {
    return new ApplicationSpec(checked(name), null, Parts.NONE);
  }

  private static String checked(String name) {
    if (name.isBlank() || name.contains(".")) {
      throw new IllegalArgumentException(
          "The name of an application is \""
              + name
              + "\", but it cannot be blank, nor have dots: those part it from its settings in"
              + " files");
    }
    return name;
  }

  // ---- what can be said

  /**
   * Says what it is.
   *
   * @param value for humans; default empty
   * @return a changed copy
   */
  public ApplicationSpec description(String value) {
    return with(new About(value, about.version));
  }

  /**
   * Says which version it is.
   *
   * @param value for humans; default empty
   * @return a changed copy
   */
  public ApplicationSpec version(String value) {
    return with(new About(about.description, value));
  }

  /**
   * Adds applications that must run before it can be started (AP2).
   *
   * @param names their names
   * @return a changed copy
   */
  public ApplicationSpec requires(String... names) {
    return with(
        new Needs(joined(needs.applications, names), needs.optional, needs.included, needs.phased));
  }

  /**
   * Adds applications that are started before it if they are to be found, and may be missing (AP2).
   *
   * @param names their names
   * @return a changed copy
   */
  public ApplicationSpec prefers(String... names) {
    Set<String> optional = new LinkedHashSet<>(needs.optional);
    optional.addAll(List.of(names));
    return with(
        new Needs(
            joined(needs.applications, names),
            Collections.unmodifiableSet(optional),
            needs.included,
            needs.phased));
  }

  /**
   * Adds applications that are loaded with it but not started (AP1): its own {@code start} starts
   * their supervisors, below its own.
   *
   * @param names their names
   * @return a changed copy
   */
  public ApplicationSpec includes(String... names) {
    return with(
        new Needs(needs.applications, needs.optional, joined(needs.included, names), needs.phased));
  }

  /**
   * Has each phase of its start go through the included applications, too, which declare it ({@code
   * application_starter}, AP5).
   *
   * @return a changed copy
   */
  public ApplicationSpec withPhasesOfIncluded() {
    return with(new Needs(needs.applications, needs.optional, needs.included, true));
  }

  /**
   * Adds a phase of the start (AP5).
   *
   * @param phase its name
   * @param argument anything the application wants to get with it
   * @return a changed copy
   */
  public ApplicationSpec phase(String phase, Object argument) {
    List<Phase> all = new ArrayList<>(phases);
    all.add(new Phase(phase, argument));
    return new ApplicationSpec(
        name, code, new Parts(about, needs, List.copyOf(all), keys, environment));
  }

  /**
   * Declares a setting: values from elsewhere are then checked when the application is loaded. It
   * has the default of its key, if that has one.
   *
   * @param key the setting
   * @return a changed copy
   */
  public ApplicationSpec setting(ConfigKey<?> key) {
    return declaring(key, key.normal().orElse(null));
  }

  /**
   * Declares a setting and gives it a value, over which all other sources of settings go.
   *
   * @param key the setting
   * @param value its value
   * @param <T> the type of the value
   * @return a changed copy
   * @throws IllegalArgumentException if the value is not allowed
   */
  public <T> ApplicationSpec setting(ConfigKey<T> key, T value) {
    return declaring(key, key.read(value));
  }

  private ApplicationSpec declaring(ConfigKey<?> key, @Nullable Object value) {
    Map<String, ConfigKey<?>> declared = new LinkedHashMap<>(keys);
    declared.put(key.name(), key);
    Map<String, Object> values = new TreeMap<>(environment);
    if (value != null) {
      values.put(key.name(), value);
    }
    return new ApplicationSpec(
        name,
        code,
        new Parts(
            about,
            needs,
            phases,
            Collections.unmodifiableMap(declared),
            Collections.unmodifiableMap(values)));
  }

  private ApplicationSpec with(About value) {
    return new ApplicationSpec(name, code, new Parts(value, needs, phases, keys, environment));
  }

  private ApplicationSpec with(Needs value) {
    for (String other : value.included) {
      if (value.applications.contains(other)) {
        throw new IllegalArgumentException(
            "The application " + name + " cannot both include " + other + " and need it to run");
      }
    }
    return new ApplicationSpec(name, code, new Parts(about, value, phases, keys, environment));
  }

  private static List<String> joined(List<String> some, String... more) {
    Set<String> all = new LinkedHashSet<>(some);
    for (String name : more) {
      all.add(checked(name));
    }
    return List.copyOf(all);
  }

  // ---- what was said

  /**
   * The name.
   *
   * @return not blank
   */
  public String name() {
    return name;
  }

  /**
   * What it is.
   *
   * @return a text for humans
   */
  public String description() {
    return about.description;
  }

  /**
   * Which version it is.
   *
   * @return a text for humans
   */
  public String version() {
    return about.version;
  }

  /**
   * The applications that must run before it, the optional ones included.
   *
   * @return their names, in the order given
   */
  public List<String> applications() {
    return needs.applications;
  }

  /**
   * Those of {@link #applications} that may be missing.
   *
   * @return their names
   */
  public Set<String> optionalApplications() {
    return needs.optional;
  }

  /**
   * The applications that are loaded with it.
   *
   * @return their names, in the order given
   */
  public List<String> includedApplications() {
    return needs.included;
  }

  /**
   * The phases of its start.
   *
   * @return in their order
   */
  public List<Phase> phases() {
    return phases;
  }

  /**
   * The settings with values.
   *
   * @return by name
   */
  public Map<String, Object> environment() {
    return environment;
  }

  /**
   * Whether it has processes.
   *
   * @return false of a library
   */
  public boolean hasProcesses() {
    return code != null;
  }

  boolean phasesOfIncluded() {
    return needs.phased;
  }

  /** The settings that are declared. */
  Iterable<ConfigKey<?>> keys() {
    return keys.values();
  }

  /** The callbacks for one life. */
  Application<?> newCode() {
    return Objects.requireNonNull(
        Objects.requireNonNull(code, "a library has no code").get(), "there is no callback object");
  }

  @Override
  public String toString() {
    return about.version.isEmpty() ? name : name + " " + about.version;
  }
}
