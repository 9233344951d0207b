package io.coppice.behaviours.application;

import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The applications of a node: what is loaded, what runs, and with which settings (semantics
 * AP1–AP13).
 *
 * {@snippet class="io.coppice.behaviours.application.Shop" region="run"}
 *
 * <p>A process looks after them, the application controller, of which a node has one. It answers
 * also while applications start and stop. When the node closes, it stops them, the youngest first.
 *
 * <p>Immutable; any thread may use it. What asks the controller throws {@link CallFailed} when the
 * controller has ended.
 */
// Longer than 400 lines: the whole API of a controller, most of it documentation.
public final class Applications {
  private final Processes node;
  private final Pid controller;
  private final Shared shared;

  private Applications(Processes node, Pid controller, Shared shared) {
    this.node = node;
    this.controller = controller;
    this.shared = shared;
  }

  /**
   * Starts the application controller of a node, which closes the node (and not the JVM) when an
   * application lets it down.
   *
   * @param node the node
   * @return its applications, none so far
   * @throws NameTaken if the node has an application controller already
   */
  public static Applications launch(Node node) {
    return launch(node, ApplicationsOptions.DEFAULT.atEnd(EndOfNode.closing(node)));
  }

  /**
   * Starts the application controller of a node.
   *
   * @param node the node, or the context of a process, which does not become its owner
   * @param options how
   * @return its applications, none so far
   * @throws NameTaken if the node has an application controller already
   */
  public static Applications launch(Processes node, ApplicationsOptions options) {
    Processes home = node instanceof Context self ? self.node() : node;
    Shared shared =
        new Shared(
            new Environments(options.configuration(), options.commandLine()),
            new ConcurrentHashMap<>());
    SpawnOptions spawn =
        SpawnOptions.DEFAULT.name(Controller.NAME).initialCall("application controller");
    Pid pid = home.start(new Controller(options, shared), spawn, new Command.Open(), null).pid();
    return new Applications(home, pid, shared);
  }

  /**
   * The applications of a node whose controller runs.
   *
   * @param node the node, or the context of any of its processes
   * @return its applications
   * @throws IllegalStateException if it has no application controller
   */
  public static Applications of(Processes node) {
    Processes home = node instanceof Context self ? self.node() : node;
    Pid pid =
        home.whereis(Controller.NAME)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "This node has no application controller: it has not been started, or has"
                            + " ended; start one with Applications.launch"));
    Object answer = home.call(pid, new Command.Open(), null);
    return new Applications(home, pid, (Shared) Objects.requireNonNull(answer));
  }

  private @Nullable Object ask(Command command) {
    Object answer = node.call(controller, command, null);
    if (answer instanceof ApplicationProblem problem) {
      throw new ApplicationException(problem);
    }
    return answer;
  }

  private void tell(Command command) {
    Object _ = ask(command);
  }

  // ---- loading

  /**
   * Says what can be loaded by name. An application that is loaded keeps the specification it was
   * loaded with.
   *
   * @param specs the specifications, in place of earlier ones of those names
   */
  public void define(ApplicationSpec... specs) {
    tell(new Command.Define(List.of(specs)));
  }

  /**
   * Loads an application: its settings are there then, and nothing runs. Those that it includes are
   * loaded, too (AP1).
   *
   * @param name its name
   * @throws ApplicationException with {@link ApplicationProblem.AlreadyLoaded}, {@link
   *     ApplicationProblem.Unknown} or {@link ApplicationProblem.BadConfiguration}; nothing is
   *     loaded then
   */
  public void load(String name) {
    tell(new Command.Load(name));
  }

  /**
   * Defines an application and loads it.
   *
   * @param spec the specification
   * @throws ApplicationException as {@link #load(String)}
   */
  public void load(ApplicationSpec spec) {
    define(spec);
    load(spec.name());
  }

  /**
   * Forgets an application that does not run, with its settings, and what only it includes (AP1).
   *
   * @param name its name
   * @throws ApplicationException with {@link ApplicationProblem.NotLoaded} or {@link
   *     ApplicationProblem.Running}
   */
  public void unload(String name) {
    tell(new Command.Unload(name));
  }

  // ---- starting and stopping

  /**
   * Starts an application as temporary.
   *
   * @param name its name
   * @throws ApplicationException as {@link #start(String, StartType)}
   */
  public void start(String name) {
    start(name, StartType.TEMPORARY);
  }

  /**
   * Starts an application, which is loaded if need be, and waits until it runs (AP2). What it needs
   * must run. Who asks for an application that is being started waits for that start, whose type
   * counts.
   *
   * @param name its name
   * @param type what its end means to the node
   * @throws ApplicationException with {@link ApplicationProblem.AlreadyStarted}, {@link
   *     ApplicationProblem.NotStarted} for what it needs, the problems of {@link #load(String)}, or
   *     what went wrong in its callbacks. If it cannot do so, that is the end of the node of a
   *     permanent application, and of a transient one that did not end its start with {@code
   *     normal} (AP9).
   */
  public void start(String name, StartType type) {
    tell(new Command.Start(name, type));
  }

  /**
   * Defines an application and starts it.
   *
   * @param spec the specification
   * @param type what its end means to the node
   * @throws ApplicationException as {@link #start(String, StartType)}
   */
  public void start(ApplicationSpec spec, StartType type) {
    define(spec);
    start(spec.name(), type);
  }

  /**
   * Starts an application as temporary unless it runs (AP3).
   *
   * @param name its name
   * @throws ApplicationException as {@link #start(String, StartType)}, but that it runs is none
   */
  public void ensureStarted(String name) {
    ensureStarted(name, StartType.TEMPORARY);
  }

  /**
   * Starts an application unless it runs (AP3).
   *
   * @param name its name
   * @param type what its end means to the node, if it is started now
   * @throws ApplicationException as {@link #start(String, StartType)}, but that it runs is none
   */
  public void ensureStarted(String name, StartType type) {
    Object answer = node.call(controller, new Command.Start(name, type), null);
    if (answer instanceof ApplicationProblem problem
        && !(problem instanceof ApplicationProblem.AlreadyStarted)) {
      throw new ApplicationException(problem);
    }
  }

  /**
   * Starts applications and all that they need, as temporary, one after another (AP3).
   *
   * @param names their names
   * @return the names of those that were started now, in that order
   * @throws ApplicationException as {@link #ensureAllStarted(StartType, StartMode, String...)}
   */
  public List<String> ensureAllStarted(String... names) {
    return ensureAllStarted(StartType.TEMPORARY, StartMode.SERIAL, names);
  }

  /**
   * Starts applications and all that they need, each after what it needs itself (AP3). Optional
   * ones are started, too, if they are to be found.
   *
   * @param type what the end of each that is started now means to the node
   * @param mode one after another, or at the same time what does not need each other
   * @param names their names
   * @return the names of those that were started now, in that order
   * @throws ApplicationException with {@link ApplicationProblem.NotAllStarted} or {@link
   *     ApplicationProblem.Circular}; what had been started for it is stopped again
   */
  @SuppressWarnings("unchecked") // the helper answers with a list of names
  public List<String> ensureAllStarted(StartType type, StartMode mode, String... names) {
    List<String> all = List.of(names);
    Pid helper =
        node.spawn(
            self -> {
              Request request = (Request) self.receive(Request.class::isInstance);
              request.reply(EnsureAll.run(self, controller, all, type, mode));
            },
            SpawnOptions.DEFAULT.initialCall("ensureAllStarted " + all));
    Object answer = node.call(helper, "ensureAllStarted", null);
    if (answer instanceof ApplicationProblem problem) {
      throw new ApplicationException(problem);
    }
    return (List<String>) Objects.requireNonNull(answer);
  }

  /**
   * Stops an application and waits until nothing of it is left (AP7): {@code prepStop}, then the
   * tree, for as long as that takes, then {@code stop}; then every process is killed that is left
   * of it. Whatever its type, this is not the end of the node. Nobody is asked whether others need
   * it.
   *
   * @param name its name
   * @throws ApplicationException with {@link ApplicationProblem.NotStarted}
   * @throws CallFailed with {@code calling_self} if called in a callback of that application
   */
  public void stop(String name) {
    tell(new Command.Stop(name));
  }

  /**
   * Stops all applications, the youngest first, and ends the controller (AP10): what also happens
   * when the node closes. Waits until that is done.
   */
  public void shutdown() {
    try {
      tell(new Command.Shutdown(ExitReason.SHUTDOWN));
    } catch (CallFailed ended) {
      if (!ended.reason().equals(ExitReason.SHUTDOWN)
          && !ended.reason().equals(ExitReason.NO_PROCESS)) {
        throw ended;
      }
    }
  }

  // ---- looking

  /**
   * The applications that run ({@code which_applications}, AP13); not those that are being started
   * or stopped.
   *
   * @return in the order of their starts
   */
  @SuppressWarnings("unchecked") // what the controller answers
  public List<RunningApplication> running() {
    return (List<RunningApplication>) Objects.requireNonNull(ask(new Command.Which()));
  }

  /**
   * The applications that are loaded ({@code loaded_applications}, AP13).
   *
   * @return by name
   */
  @SuppressWarnings("unchecked") // what the controller answers
  public List<ApplicationSpec> loaded() {
    return (List<ApplicationSpec>) Objects.requireNonNull(ask(new Command.AllLoaded()));
  }

  /**
   * What a loaded application is ({@code get_key}, {@code get_all_key}, AP13).
   *
   * @param name its name
   * @return its specification, or empty if it is not loaded
   */
  public Optional<ApplicationSpec> spec(String name) {
    return loaded().stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  /**
   * The application a process belongs to ({@code get_application}, AP6, AP13): that below whose
   * master it was spawned. Asks nobody, so callbacks may use it, too.
   *
   * @param pid any process
   * @return the name of the application, also while that starts or stops; or empty
   */
  public Optional<String> applicationOf(Pid pid) {
    for (Map.Entry<Pid, String> each : shared.masters().entrySet()) {
      if (pid.equals(each.getKey()) || node.isBelow(pid, each.getKey())) {
        return Optional.of(each.getValue());
      }
    }
    return Optional.empty();
  }

  // ---- settings

  /**
   * The settings of an application (AP11).
   *
   * @param name its name; it need not be loaded
   * @return its settings, always as they are
   */
  public Environment environment(String name) {
    return new Environment(shared.environments(), name);
  }

  /**
   * The settings of the application a process belongs to (AP11).
   *
   * @param pid any process, for instance {@code self.pid()}
   * @return the settings, or empty if it belongs to none
   */
  public Optional<Environment> environmentOf(Pid pid) {
    return applicationOf(pid).map(this::environment);
  }

  /**
   * Sets a value until the application is loaded anew, or unloaded, or the configuration changes
   * (AP11).
   *
   * @param application the name of the application, loaded or not
   * @param key the setting
   * @param value its value
   * @param <T> the type of the value
   * @throws IllegalArgumentException if the key does not allow the value
   * @throws ApplicationException with {@link ApplicationProblem.BadConfiguration} if the
   *     application is loaded and its own key does not allow it
   */
  public <T> void set(String application, ConfigKey<T> key, T value) {
    setAll(List.of(new Setting<>(application, key, value)));
  }

  /**
   * Sets a value for this life of the node: each load of the application begins with it, but the
   * configuration and the command line go over it (AP11).
   *
   * @param application the name of the application, loaded or not
   * @param key the setting
   * @param value its value
   * @param <T> the type of the value
   * @throws IllegalArgumentException as {@link #set}
   * @throws ApplicationException as {@link #set}
   */
  public <T> void setPersistently(String application, ConfigKey<T> key, T value) {
    setAllPersistently(List.of(new Setting<>(application, key, value)));
  }

  /**
   * Sets values as {@link #set} does, all of them or none.
   *
   * @param settings the values
   * @throws IllegalArgumentException if a setting is named twice
   * @throws ApplicationException as {@link #set}
   */
  public void setAll(List<Setting<?>> settings) {
    tell(new Command.Set(distinct(settings), false));
  }

  /**
   * Sets values as {@link #setPersistently} does, all of them or none.
   *
   * @param settings the values
   * @throws IllegalArgumentException if a setting is named twice
   * @throws ApplicationException as {@link #set}
   */
  public void setAllPersistently(List<Setting<?>> settings) {
    tell(new Command.Set(distinct(settings), true));
  }

  private static List<Setting<?>> distinct(List<Setting<?>> settings) {
    Map<String, Set<String>> seen = new HashMap<>();
    for (Setting<?> setting : settings) {
      if (!seen.computeIfAbsent(setting.application(), _ -> new HashSet<>())
          .add(setting.key().name())) {
        throw new IllegalArgumentException(
            "duplicate parameter: "
                + setting.key().name()
                + " of the application "
                + setting.application()
                + " is to be set twice at once; nothing was set");
      }
    }
    return List.copyOf(settings);
  }

  /**
   * Takes away a value, also one that was set persistently (AP11).
   *
   * @param application the name of the application
   * @param key the setting
   */
  public void unset(String application, ConfigKey<?> key) {
    tell(new Command.Unset(application, key.name()));
  }

  /**
   * Puts a configuration in place of the last one, and tells the running applications whose
   * settings are others now (AP12). The settings are made anew as at a load: what was set with
   * {@link #set} is gone.
   *
   * @param next the configuration
   * @throws ApplicationException with {@link ApplicationProblem.BadConfiguration} if the settings
   *     of a loaded application do not allow it, and nothing has changed; with {@link
   *     ApplicationProblem.ChangeFailed} if {@code configChange} threw somewhere, and all has
   */
  @SuppressWarnings("unchecked") // what the controller answers
  public void changeConfiguration(Configuration next) {
    List<Told> all = (List<Told>) Objects.requireNonNull(ask(new Command.Change(next)));
    List<ApplicationProblem> problems = new ArrayList<>();
    for (Told told : all) {
      try {
        Object answer = node.call(told.runner(), new Order.Change(told.change()), null);
        if (answer instanceof ApplicationProblem problem) {
          problems.add(problem);
        }
      } catch (CallFailed ended) {
        // It has stopped meanwhile, and its next life begins with the new settings.
      }
    }
    if (!problems.isEmpty()) {
      throw new ApplicationException(new ApplicationProblem.ChangeFailed(List.copyOf(problems)));
    }
  }
}
