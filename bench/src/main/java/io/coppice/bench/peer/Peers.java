package io.coppice.bench.peer;

import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Fork;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.peer.Peer.Missing;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the peers ready that the machine has. */
final class Peers {
  /** How a peer is made ready. */
  @FunctionalInterface
  interface Setup {
    Peer peer(Effort effort) throws Missing, InterruptedException;
  }

  private static final Path SOURCES = Path.of("peers");
  private static final Path BUILT = Path.of("target", "peers");
  private static final Path DEBIAN_CRATES = Path.of("/usr/share/cargo/registry");

  /** Coppice itself, in JVMs without its flags. */
  static final String PLAIN = "plain";

  private Peers() {}

  /** What the command line may name. */
  static List<String> names() {
    return append(List.copyOf(all().keySet()), PLAIN);
  }

  /** All that are known, by the names that the command line has for them. */
  static Map<String, Setup> all() {
    Map<String, Setup> all = new LinkedHashMap<>();
    all.put("tokio", Peers::tokio);
    all.put("erlang", Peers::erlang);
    all.put("vt", effort -> jvm("vt", "virtual threads " + Runtime.version().feature(), effort));
    all.put("jox", effort -> jvm("jox", "Jox " + version("com/softwaremill/jox/channels"), effort));
    all.put(
        "pekko",
        effort -> jvm("pekko", "Pekko " + version("org/apache/pekko/pekko-actor-typed"), effort));
    return all;
  }

  /** A peer whose samples are programs. */
  private record Program(
      String name,
      double slowness,
      List<String> workloads,
      Map<String, String> environment,
      Command command)
      implements Peer {
    interface Command {
      List<String> of(String workload, int threads);
    }

    @Override
    public List<Row> sample(String workload, int threads)
        throws SampleFailed, InterruptedException {
      String what = name + " " + workload + "/" + threads;
      List<Row> rows = Fork.rows(command.of(workload, threads), environment, what);
      return rows.stream()
          .map(row -> row.name().contains("/") ? row : row.named(row.name() + "/" + threads))
          .toList();
    }
  }

  // ---- tokio

  private static Peer tokio(Effort effort) throws Missing, InterruptedException {
    Path sources = sources("tokio");
    if (!Programs.exists("cargo")) {
      throw new Missing("there is no cargo on the path");
    }
    Path target = built("tokio");
    List<String> build = new ArrayList<>(List.of("cargo", "build", "--release"));
    if (Files.isDirectory(DEBIAN_CRATES)) {
      build.addAll(
          List.of(
              "--offline",
              "--config",
              "source.crates-io.replace-with=\"debian\"",
              "--config",
              "source.debian.directory=\"" + DEBIAN_CRATES + "\""));
    }
    Map<String, String> where = Map.of("CARGO_TARGET_DIR", target.toAbsolutePath().toString());
    Programs.output(build, sources, where);
    String binary = target.resolve("release").resolve("tokio-peer").toAbsolutePath().toString();
    List<String> workloads = new ArrayList<>();
    for (String list : List.of("list", "list-extras")) {
      workloads.addAll(Programs.output(List.of(binary, list), sources, Map.of()));
    }
    workloads.add("spawn_1m_idle_bytes");
    workloads.add("spawn_1m_idle_bytes@mpsc");
    workloads.removeIf(name -> name.endsWith("@recv_many")); // needs a feature of newer versions
    return new Program(
        "tokio " + locked(sources),
        1,
        List.copyOf(workloads),
        told(effort),
        (workload, threads) -> List.of(binary, threads == 1 ? "1" : "2", workload));
  }

  /** The version that cargo chose. */
  private static String locked(Path sources) {
    try {
      List<String> lines = Files.readAllLines(sources.resolve("Cargo.lock"));
      int name = lines.indexOf("name = \"tokio\"");
      return name < 0 ? "" : lines.get(name + 1).replaceAll("[^0-9.]", "");
    } catch (IOException e) {
      return "";
    }
  }

  // ---- Erlang

  private static Peer erlang(Effort effort) throws Missing, InterruptedException {
    Path sources = sources("erlang").resolve("src");
    if (!Programs.exists("erl") || !Programs.exists("erlc")) {
      throw new Missing("there is no erl and erlc on the path");
    }
    String beams = built("erlang").toAbsolutePath().toString();
    List<String> compile = new ArrayList<>(List.of("erlc", "-o", beams));
    try (Stream<Path> files = Files.list(sources)) {
      files.map(file -> file.getFileName().toString()).sorted().forEach(compile::add);
    } catch (IOException e) {
      throw new Missing("its sources cannot be read: " + e.getMessage());
    }
    Programs.output(compile, sources, Map.of());
    List<String> vm = List.of("erl", "-noshell", "-pa", beams);
    List<String> release =
        Programs.output(
            append(vm, "-eval", "io:format(\"~s~n\",[erlang:system_info(otp_release)]),halt()."),
            sources,
            Map.of());
    return new Program(
        "OTP " + release.getLast(),
        8,
        Programs.output(append(vm, "-run", "bench", "main", "list"), sources, Map.of()),
        told(effort),
        (workload, threads) -> {
          List<String> command = append(vm, "+S", threads + ":" + threads, "+P", "2000000");
          if (workload.matches("(spawn_1m_idle(_hibernated)?|skynet)")) {
            command = append(command, "+MMscs", "6144"); // it keeps the memory of the last run
          }
          return append(command, "-run", "bench", "main", workload);
        });
  }

  // ---- on the JVM

  private static Peer jvm(String key, String name, Effort effort)
      throws Missing, InterruptedException {
    String main = "io.coppice.bench.peer.jvm.JvmPeers";
    List<String> names =
        Programs.output(append(Fork.jvm(), main, key, "1", "list"), Path.of("."), Map.of());
    return new Program(
        name,
        2,
        names.stream().filter(line -> line.matches("\\w+")).toList(),
        Map.of(),
        (workload, threads) -> {
          boolean gauge = workload.endsWith("_bytes");
          List<String> command = new ArrayList<>(gauge ? Fork.smallJvm() : Fork.jvm());
          command.add(1, "-Djdk.virtualThreadScheduler.parallelism=" + threads);
          command.add(2, "--sun-misc-unsafe-memory-access=allow"); // Pekko's
          command.add(3, "-Djdk.virtualThreadScheduler.maxPoolSize=" + Math.max(256, threads));
          return append(command, main, key, "" + threads, effort.key(), workload);
        });
  }

  /** The version of a jar on the class path. */
  private static String version(String artifact) {
    String name = artifact.substring(artifact.lastIndexOf('/') + 1);
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(jar -> Optional.ofNullable(Path.of(jar).getFileName()).map(Path::toString).orElse(""))
        .filter(jar -> jar.startsWith(name))
        .map(jar -> jar.substring(jar.lastIndexOf('-') + 1).replace(".jar", ""))
        .findFirst()
        .orElse("");
  }

  // ---- helpers

  private static Map<String, String> told(Effort effort) {
    return Map.of("BENCH_EFFORT", effort.key());
  }

  private static Path sources(String name) throws Missing {
    Path sources = SOURCES.resolve(name);
    if (!Files.isDirectory(sources)) {
      throw new Missing("its sources are not in " + sources + ": run the tool in the folder bench");
    }
    return sources;
  }

  private static Path built(String name) throws Missing {
    try {
      return Files.createDirectories(BUILT.resolve(name));
    } catch (IOException e) {
      throw new Missing("it cannot be built: " + e.getMessage());
    }
  }

  private static List<String> append(List<String> first, String... rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(rest));
    return all;
  }
}
