package io.coppice.behaviours.application;

import static io.coppice.behaviours.application.ApplicationStartTest.problem;
import static io.coppice.behaviours.application.Journal.simulate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final ConfigKey<String> COLOUR = ConfigKey.text("colour");
  private static final ConfigKey<Integer> SIZE =
      ConfigKey.integer("size").where(n -> n > 0, "more than zero").orElse(10);
  private static final ConfigKey<Duration> PAUSE = ConfigKey.time("pause");
  private static final ConfigKey<Boolean> LOUD = ConfigKey.flag("loud");

  private static Configuration file(String... pairs) {
    Properties properties = new Properties();
    for (int i = 0; i < pairs.length; i += 2) {
      properties.setProperty(pairs[i], pairs[i + 1]);
    }
    return Configuration.of(properties, "");
  }

  @Test
  @DisplayName("APP-006 a specification gives all its keys, and one that is not loaded gives none")
  void keys() {
    simulate(
        node -> {
          ApplicationSpec spec =
              ApplicationSpec.library("a")
                  .description("an a")
                  .version("1.2")
                  .requires("b")
                  .prefers("c")
                  .includes("d")
                  .phase("go", "now")
                  .setting(COLOUR, "red")
                  .setting(SIZE)
                  .setting(PAUSE);
          Applications all =
              Applications.launch(
                  node, ApplicationsOptions.DEFAULT.specs(spec, ApplicationSpec.library("d")));
          assertEquals(Optional.empty(), all.spec("a"));
          all.load("a");
          ApplicationSpec known = all.spec("a").orElseThrow();
          assertEquals("an a", known.description());
          assertEquals("1.2", known.version());
          assertEquals(List.of("b", "c"), known.applications());
          assertEquals(Set.of("c"), known.optionalApplications());
          assertEquals(List.of("d"), known.includedApplications());
          assertEquals(List.of(new Phase("go", "now")), known.phases());
          assertEquals(Map.of("colour", "red", "size", 10), known.environment());
          assertEquals(false, known.hasProcesses());
          assertEquals("a 1.2", known.toString());
          assertEquals(Optional.empty(), all.spec("nobody"));
        });
  }

  @Test
  @DisplayName(
      "APP-007 a setting is found, has the default of its key or of the call, or is missing")
  void find() {
    simulate(
        node -> {
          Applications all = Applications.launch(node, ApplicationsOptions.DEFAULT);
          all.load(ApplicationSpec.library("a").setting(COLOUR, "red"));
          Environment settings = all.environment("a");
          assertEquals(Optional.of("red"), settings.find(COLOUR));
          assertEquals("red", settings.get(COLOUR, "blue"));
          assertEquals(Optional.empty(), settings.find(SIZE));
          assertEquals(10, settings.get(SIZE));
          assertEquals(7, settings.get(SIZE, 7));
          assertEquals(Map.of("colour", "red"), settings.all());
          NoSuchElementException missing =
              assertThrows(NoSuchElementException.class, () -> settings.get(PAUSE));
          assertTrue(
              String.valueOf(missing.getMessage()).startsWith("The application a has no setting"));
          assertEquals(Map.of(), all.environment("nobody").all());
          IllegalArgumentException wrong =
              assertThrows(
                  IllegalArgumentException.class,
                  () -> settings.find(ConfigKey.of("colour", Integer.class)));
          assertEquals(
              "The setting colour is \"red\", which is no Integer but a String",
              wrong.getMessage());
        });
  }

  @Test
  @DisplayName("APP-008 a load goes over what was set before, and an unload forgets it")
  void setBeforeLoad() {
    simulate(
        node -> {
          Applications all =
              Applications.launch(
                  node,
                  ApplicationsOptions.DEFAULT.specs(
                      ApplicationSpec.library("a").setting(COLOUR, "red").setting(SIZE, 1)));
          Environment settings = all.environment("a");
          all.setAll(List.of(new Setting<>("a", COLOUR, "blue"), new Setting<>("a", LOUD, true)));
          assertEquals("blue", settings.get(COLOUR));
          all.load("a");
          assertEquals(Map.of("colour", "red", "size", 1, "loud", true), settings.all());
          all.set("a", SIZE, 2);
          assertEquals(2, settings.get(SIZE));
          all.unload("a");
          assertEquals(Map.of(), settings.all());
          all.load("a");
          assertEquals(Map.of("colour", "red", "size", 1), settings.all());
          all.unset("a", COLOUR);
          assertEquals(Map.of("size", 1), settings.all());
        });
  }

  @Test
  @DisplayName(
      "AP11 the command line goes over the configuration, what was set, and the specification")
  void priorities() {
    simulate(
        node -> {
          Applications all =
              Applications.launch(
                  node,
                  ApplicationsOptions.DEFAULT
                      .specs(
                          ApplicationSpec.library("a")
                              .setting(COLOUR, "red")
                              .setting(SIZE, 1)
                              .setting(PAUSE, Duration.ZERO)
                              .setting(LOUD, false))
                      .configuration(file("a.size", "2", "a.pause", "PT2S"))
                      .commandLine(file("a.pause", "PT3S")));
          all.setPersistently("a", LOUD, true);
          all.setPersistently("a", SIZE, 3);
          all.setPersistently("a", PAUSE, Duration.ofDays(1));
          for (int i = 0; i < 2; i++) {
            all.load("a");
            assertEquals(
                Map.of("colour", "red", "size", 2, "pause", Duration.ofSeconds(3), "loud", true),
                all.environment("a").all());
            all.unload("a");
          }
        });
  }

  @Test
  @DisplayName("APP-010 bad and duplicate settings are refused with a sentence, and nothing is set")
  void setErrors() {
    simulate(
        node -> {
          Applications all = Applications.launch(node, ApplicationsOptions.DEFAULT);
          all.load(ApplicationSpec.library("a").setting(SIZE, 5));
          assertEquals(
              "duplicate parameter: size of the application a is to be set twice at once; nothing"
                  + " was set",
              refusal(
                  () ->
                      all.setAll(
                          List.of(
                              new Setting<>("a", SIZE, 1),
                              new Setting<>("b", SIZE, 2),
                              new Setting<>("a", SIZE, 3)))));
          assertEquals(
              "The setting size is 0, but allowed is more than zero",
              refusal(() -> all.set("a", SIZE, 0)));
          assertEquals(
              "The setting size is given for an application with a blank name.",
              refusal(() -> all.set(" ", SIZE, 1)));
          // A key that allows more than that of the application.
          ConfigKey<Integer> lax = ConfigKey.integer("size");
          assertInstanceOf(
              ApplicationProblem.BadConfiguration.class,
              problem(
                  () ->
                      all.setAll(
                          List.of(new Setting<>("b", SIZE, 2), new Setting<>("a", lax, -1)))));
          assertEquals(Map.of("size", 5), all.environment("a").all());
          assertEquals(Map.of(), all.environment("b").all());
          assertEquals(
              "The property port is no setting: expected is APPLICATION.KEY",
              refusal(() -> file("port", "1")));
        });
  }

  private static String refusal(Runnable code) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, code::run).getMessage());
  }

  @Test
  @DisplayName(
      "APP-011 running applications are told what is changed, new and removed, if anything")
  void configChange() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all =
              Applications.launch(
                  node,
                  ApplicationsOptions.DEFAULT
                      .specs(
                          journal.spec("a").setting(COLOUR, "red").setting(SIZE),
                          journal.spec("b").setting(COLOUR, "red"),
                          journal.spec("loaded"))
                      .configuration(file("a.size", "1", "a.old", "x", "b.new", "y")));
          all.start("a");
          all.start("b");
          all.load("loaded");
          List<String> _ = journal.take();
          Configuration next =
              file("a.size", "2", "a.fresh", "z", "b.new", "y", "loaded.colour", "green");
          all.changeConfiguration(next);
          assertEquals(
              List.of(
                  "a " + new ConfigChange(Map.of("size", 2), Map.of("fresh", "z"), Set.of("old"))),
              journal.take());
          assertEquals("green", all.environment("loaded").get(COLOUR));
          all.changeConfiguration(next);
          assertEquals(List.of(), journal.take());

          ApplicationProblem bad =
              problem(() -> all.changeConfiguration(file("a.size", "-1", "b.new", "q")));
          assertInstanceOf(ApplicationProblem.BadConfiguration.class, bad);
          assertEquals("y", all.environment("b").all().get("new"));
          all.changeConfiguration(next);
          assertEquals(List.of(), journal.take());
        });
  }

  @Test
  @DisplayName("AP12 a configChange that throws is told, and the change stands")
  void configChangeFails() {
    simulate(
        node -> {
          Journal journal = new Journal();
          ApplicationSpec spec =
              ApplicationSpec.of(
                  "a",
                  () ->
                      journal.new Written("a") {
                        @Override
                        public void configChange(ConfigChange change) {
                          throw new IllegalStateException("not now");
                        }
                      });
          Applications all = Applications.launch(node, ApplicationsOptions.DEFAULT);
          all.start(spec, StartType.PERMANENT);
          ApplicationProblem.ChangeFailed failed =
              (ApplicationProblem.ChangeFailed)
                  problem(() -> all.changeConfiguration(file("a.colour", "blue")));
          assertEquals(1, failed.problems().size());
          assertEquals("blue", all.environment("a").get(COLOUR));
          assertEquals(1, all.running().size());
        });
  }

  @Test
  @DisplayName("AP11 texts are read by their keys, and what they are not is said")
  void texts() {
    assertEquals(true, LOUD.read(" true "));
    assertEquals(Duration.ofMillis(1500), PAUSE.read("PT1.5S"));
    assertEquals(
        "The setting loud is \"yes\", which is no Boolean: neither true nor false",
        refusal(() -> LOUD.read("yes")));
    assertEquals(
        "The setting size is \"0\", but allowed is more than zero", refusal(() -> SIZE.read("0")));
    ConfigKey<Integer> broken =
        ConfigKey.integer("n")
            .where(
                n -> {
                  throw new IllegalStateException("rule");
                },
                "nothing");
    assertTrue(refusal(() -> broken.read(1)).startsWith("The setting n is 1, but its rule threw"));
    assertThrows(IllegalArgumentException.class, () -> ApplicationSpec.library("a.b"));
    assertThrows(
        IllegalArgumentException.class,
        () -> ApplicationSpec.library("a").requires("b").includes("b"));
  }
}
