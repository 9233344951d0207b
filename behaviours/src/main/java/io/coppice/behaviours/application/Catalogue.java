package io.coppice.behaviours.application;

import io.coppice.behaviours.application.LoadedApplication.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is defined and what is loaded (semantics AP1). Used by the controller's process. */
final class Catalogue {
  private final Map<String, ApplicationSpec> defined = new TreeMap<>();
  private final Map<String, LoadedApplication> loaded = new TreeMap<>();
  private final Environments environments;

  Catalogue(Environments environments) {
    this.environments = environments;
  }

  /** Does what concerns nothing but data, and returns the answer. */
  @Nullable Object perform(Command command) {
    switch (command) {
      case Command.AllLoaded() -> {
        return loadedSpecs();
      }
      case Command.Find(String name) -> {
        return find(name);
      }
      case Command.Change(Configuration next) -> {
        return change(next);
      }
      case Command.Define(List<ApplicationSpec> specs) -> define(specs);
      case Command.Unload(String name) -> unload(name);
      case Command.Set(List<Setting<?>> settings, boolean persistently) ->
          environments.set(settings, persistently, specsByName());
      case Command.Unset(String application, String key) -> environments.unset(application, key);
      default -> throw new IllegalArgumentException("not about data: " + command);
    }
    return null;
  }

  /** What is loaded keeps the specification it has. */
  void define(List<ApplicationSpec> specs) {
    specs.forEach(spec -> defined.put(spec.name(), spec));
  }

  @Nullable LoadedApplication loaded(String name) {
    return loaded.get(name);
  }

  private List<ApplicationSpec> loadedSpecs() {
    return loaded.values().stream().map(each -> each.spec).toList();
  }

  /** The specification of what is loaded, or at least defined. */
  ApplicationSpec find(String name) {
    LoadedApplication known = loaded.get(name);
    ApplicationSpec spec = known != null ? known.spec : defined.get(name);
    if (spec == null) {
      throw new ApplicationException(new ApplicationProblem.Unknown(name));
    }
    return spec;
  }

  /** Loads an application and, with it, all that it includes; on an exception none of them. */
  LoadedApplication load(String name) {
    if (loaded.containsKey(name)) {
      throw new ApplicationException(new ApplicationProblem.AlreadyLoaded(name));
    }
    Map<String, ApplicationSpec> news = new LinkedHashMap<>();
    collect(name, news);
    environments.load(news.values());
    news.forEach((each, spec) -> loaded.put(each, new LoadedApplication(spec)));
    return require(name);
  }

  private void collect(String name, Map<String, ApplicationSpec> news) {
    if (!loaded.containsKey(name) && !news.containsKey(name)) {
      ApplicationSpec spec = find(name);
      news.put(name, spec);
      spec.includedApplications().forEach(included -> collect(included, news));
    }
  }

  /** Unloads an application, and what only it includes. */
  private void unload(String name) {
    LoadedApplication application = require(name);
    if (!application.is(Stage.LOADED)) {
      throw new ApplicationException(new ApplicationProblem.Running(name));
    }
    loaded.remove(name);
    environments.unload(name);
    for (String included : application.spec.includedApplications()) {
      LoadedApplication known = loaded.get(included);
      if (known != null && known.is(Stage.LOADED) && !isIncluded(included)) {
        unload(included);
      }
    }
  }

  private boolean isIncluded(String name) {
    return loaded.values().stream().anyMatch(by -> by.spec.includedApplications().contains(name));
  }

  private LoadedApplication require(String name) {
    LoadedApplication application = loaded.get(name);
    if (application == null) {
      throw new ApplicationException(new ApplicationProblem.NotLoaded(name));
    }
    return application;
  }

  /** Refuses to start what needs something that does not run (AP2). */
  void checkNeeds(ApplicationSpec spec) {
    for (String name : spec.applications()) {
      LoadedApplication needed = loaded.get(name);
      boolean runs = needed != null && needed.is(Stage.RUNNING);
      if (!runs && !spec.optionalApplications().contains(name)) {
        throw new ApplicationException(new ApplicationProblem.NotStarted(name, spec.name()));
      }
    }
  }

  private Map<String, ApplicationSpec> specsByName() {
    Map<String, ApplicationSpec> all = new TreeMap<>();
    loaded.forEach((name, application) -> all.put(name, application.spec));
    return all;
  }

  /** The change, for each application that runs and has one (AP12). */
  private List<Told> change(Configuration next) {
    List<Told> told = new ArrayList<>();
    environments
        .change(next, loadedSpecs())
        .forEach(
            (name, change) -> {
              LoadedApplication application = require(name);
              if (application.is(Stage.RUNNING) && application.runner != null) {
                told.add(new Told(name, application.runner, change));
              }
            });
    return told;
  }
}
