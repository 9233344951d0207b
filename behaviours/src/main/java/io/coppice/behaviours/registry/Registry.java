package io.coppice.behaviours.registry;

import io.coppice.behaviours.registry.RegistryEvent.Registered;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameRegistry;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.NoSuchProcess;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.ViaName;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.ChildType;
import io.coppice.supervisor.StartResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Processes that are found by keys, each registration with a value (semantics RG1–RG11, Elixir's
 * {@code Registry}). With unique keys it gives names to processes; with duplicate keys it is a
 * directory of subscribers, for instance.
 *
 * {@snippet class="io.coppice.behaviours.registry.RegistryTest" region="registry"}
 *
 * <p>This is the handle of a few processes: a supervisor, which has the registry's name, and under
 * it the partitions' and that of the locks. {@link #start} them, or make them a {@link #child} of a
 * supervisor, before the children that register themselves. Each start begins with an empty
 * registry, under this same handle; before and after, all operations are refused with an {@link
 * IllegalArgumentException} (RG11).
 *
 * <p><b>Who is registered.</b> A process registers itself and is linked with a process of the
 * registry until it has no keys left: it ends with it, unless it traps exits, so it never goes on
 * unregistered and unaware (RG2). When a process ends, its keys are free at once, and nobody finds
 * it any more (RG3); who has got its {@code Down} or {@code Exit} can rely on that.
 *
 * <p><b>What it costs.</b> Looking asks nobody: it is one look into a table, and one at the process
 * found. Registering and unregistering wait for nobody, either. So all of it may be used in
 * processes that never block, but for {@link #lock} and {@link #dispatchInParallel}; looking, from
 * any thread.
 *
 * @param <K> the type of the keys, which are compared by {@code equals} (RG7); none of them is
 *     special
 * @param <V> the type of the values, immutable and never null
 */
// Longer than 400 lines: the whole API of a registry, most of it documentation.
public final class Registry<K, V> {
  private final String name;
  private final Keys kind;
  private final RegistryOptions options;
  private volatile @Nullable Life<K, V> life;

  private Registry(String name, Keys kind, RegistryOptions options) {
    this.name = Objects.requireNonNull(name, "name");
    this.kind = kind;
    this.options = Objects.requireNonNull(options, "options");
  }

  /**
   * What an {@link #update} has done.
   *
   * @param value the value now
   * @param old the value before
   * @param <V> the type of the values
   */
  public record Updated<V>(V value, V old) {}

  // ---- making

  /**
   * A registry in which each key is one process's, still to be started.
   *
   * @param name its name, which its supervisor will be registered under
   * @param <K> the type of the keys
   * @param <V> the type of the values
   * @return its handle
   */
  public static <K, V> Registry<K, V> unique(String name) {
    return unique(name, RegistryOptions.DEFAULT);
  }

  /**
   * A registry in which each key is one process's, still to be started.
   *
   * @param name its name, which its supervisor will be registered under
   * @param options partitions, listeners and metadata
   * @param <K> the type of the keys
   * @param <V> the type of the values
   * @return its handle
   */
  public static <K, V> Registry<K, V> unique(String name, RegistryOptions options) {
    return new Registry<>(name, Keys.UNIQUE, options);
  }

  /**
   * A registry in which a key may have any number of registrations, also of the same process, still
   * to be started. The entries are divided into the partitions by processes.
   *
   * @param name its name, which its supervisor will be registered under
   * @param <K> the type of the keys
   * @param <V> the type of the values
   * @return its handle
   */
  public static <K, V> Registry<K, V> duplicate(String name) {
    return duplicate(name, RegistryOptions.DEFAULT);
  }

  /**
   * A registry in which a key may have any number of registrations, as {@link #duplicate(String)}.
   *
   * @param name its name, which its supervisor will be registered under
   * @param options partitions, listeners and metadata
   * @param <K> the type of the keys
   * @param <V> the type of the values
   * @return its handle
   */
  public static <K, V> Registry<K, V> duplicate(String name, RegistryOptions options) {
    return new Registry<>(name, Keys.DUPLICATE_BY_PROCESS, options);
  }

  /**
   * A registry in which a key may have any number of registrations, and those of a key are kept
   * together ({@code {:duplicate, :key}}): {@link #dispatch} gets all of them at once, oldest
   * first.
   *
   * @param name its name, which its supervisor will be registered under
   * @param options partitions, listeners and metadata
   * @param <K> the type of the keys
   * @param <V> the type of the values
   * @return its handle
   */
  public static <K, V> Registry<K, V> duplicateByKey(String name, RegistryOptions options) {
    return new Registry<>(name, Keys.DUPLICATE_BY_KEY, options);
  }

  /**
   * Starts the registry; nobody is linked with its processes.
   *
   * @param node where
   * @return this
   * @throws NameTaken if there is a process with its name
   * @throws IllegalStateException if this handle's registry runs on another node
   */
  public Registry<K, V> start(Processes node) {
    return launch(node instanceof Context self ? self.node() : node);
  }

  /**
   * Starts the registry; its supervisor is linked with the calling process and ends with it.
   *
   * @param self the calling process
   * @return this
   * @throws NameTaken if there is a process with its name
   * @throws IllegalStateException if this handle's registry runs on another node
   */
  public Registry<K, V> startLink(Context self) {
    return launch(self);
  }

  private Registry<K, V> launch(Processes parent) {
    Life<K, V> next = next(parent);
    begun(next, next.supervisor().start(parent).pid());
    return this;
  }

  /**
   * The registry as the child of a supervisor; each start of it begins with an empty registry.
   *
   * @return a permanent supervisor, whose id is the name of the registry
   */
  public ChildSpec child() {
    return ChildSpec.starting(
            name,
            parent -> {
              Life<K, V> next = next(parent);
              StartResult result = next.supervisor().childSpec().start().start(parent);
              if (result instanceof StartResult.Ok(Pid pid)) {
                begun(next, pid);
              }
              return result;
            })
        .type(ChildType.SUPERVISOR);
  }

  private Life<K, V> next(Processes parent) {
    Processes node = parent instanceof Context self ? self.node() : parent;
    Life<K, V> last = life;
    if (last != null && !last.isOver() && !last.node.equals(node)) {
      throw new IllegalStateException(
          "The registry '" + name + "' runs on another node; make another one for this node");
    }
    return new Life<>(name, kind, options, node);
  }

  private void begun(Life<K, V> next, Pid supervisor) {
    next.begun(supervisor);
    life = next;
  }

  private Life<K, V> life() {
    Life<K, V> now = life;
    if (now == null || now.isOver()) {
      throw new IllegalArgumentException(
          "unknown registry: '" + name + "' " + (now == null ? "was not started" : "has ended"));
    }
    return now;
  }

  private Life<K, V> lifeOfUnique(String operation) {
    requireUnique(operation);
    return life();
  }

  private void requireUnique(String operation) {
    if (kind != Keys.UNIQUE) {
      throw new IllegalArgumentException(
          operation
              + " is not for the registry '"
              + name
              + "': it has duplicate keys, so a key does not stand for one process");
    }
  }

  // ---- registering

  /**
   * Registers the calling process (RG2).
   *
   * @param self the calling process
   * @param key under which key
   * @param value with what value
   * @return {@link RegisterResult.Ok}, or {@link RegisterResult.AlreadyRegistered} if the key is
   *     unique and a living process has it, be it the calling one
   * @throws IllegalArgumentException if the registry does not run, or the partition of the process
   *     is being restarted
   */
  public RegisterResult register(Context self, K key, V value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    Life<K, V> now = life();
    Pid pid = self.pid();
    Partition<K, V> home = now.home(pid);
    Entry<K, V> entry = now.entry(key, pid, value);
    Pid holder = now.register(entry, home, true);
    if (holder != null) {
      return new RegisterResult.AlreadyRegistered(holder);
    }
    try {
      self.link(home.server());
    } catch (NoSuchProcess ended) {
      now.retract(entry, home);
      throw now.restarting(pid);
    }
    now.tell(new Registered<>(name, key, pid, value));
    return new RegisterResult.Ok(home.server());
  }

  /**
   * Removes the registrations of the calling process under a key: all of them, if there are several
   * (RG5).
   *
   * @param self the calling process
   * @param key any key
   * @throws IllegalArgumentException if the registry does not run, or the partition of the process
   *     is being restarted
   */
  public void unregister(Context self, K key) {
    unregisterMatch(self, key, _ -> true);
  }

  /**
   * Removes those registrations of the calling process under a key whose value matches (RG5).
   *
   * @param self the calling process
   * @param key any key
   * @param matching asked for each value
   * @throws IllegalArgumentException as {@link #unregister}
   */
  public void unregisterMatch(Context self, K key, Predicate<? super V> matching) {
    Objects.requireNonNull(key, "key");
    Life<K, V> now = life();
    Pid pid = self.pid();
    Partition<K, V> home = now.home(pid);
    List<Entry<K, V>> entries = home.of(pid, key);
    entries.removeIf(entry -> !matching.test(entry.value()));
    int removed = now.remove(home, entries);
    if (removed > 0) {
      now.tell(home, new Life.Count(pid, -removed));
      if (!home.holds(pid)) {
        self.unlink(home.server());
        if (home.holds(pid)) {
          self.link(home.server()); // somebody else has registered it meanwhile
        }
      }
    }
  }

  /**
   * Changes the value under a key of the calling process (RG6).
   *
   * @param self the calling process
   * @param key any key
   * @param change makes the new value of the old one, not null; called once, or not at all
   * @return the new value and the old one; empty if the process does not have the key ({@code
   *     :error})
   * @throws IllegalArgumentException if the keys are not unique, or the registry does not run
   */
  public Optional<Updated<V>> update(Context self, K key, UnaryOperator<V> change) {
    Entry<K, V> entry = lifeOfUnique("update").find(Objects.requireNonNull(key, "key"));
    if (entry == null || !entry.pid.equals(self.pid())) {
      return Optional.empty();
    }
    V old = entry.value();
    V value = Objects.requireNonNull(change.apply(old), "the new value");
    entry.value(value);
    return Optional.of(new Updated<>(value, old));
  }

  // ---- finding

  /**
   * What is registered under a key (RG4).
   *
   * @param key any key
   * @return the living processes and their values; of a registry with unique keys one or none
   * @throws IllegalArgumentException if the registry does not run
   */
  public List<Registration<K, V>> lookup(K key) {
    Life<K, V> now = life();
    Objects.requireNonNull(key, "key");
    if (kind == Keys.UNIQUE) {
      Entry<K, V> entry = now.find(key);
      return entry == null ? List.of() : List.of(entry.seen());
    }
    List<List<Registration<K, V>>> found = now.of(key);
    return switch (found.size()) {
      case 0 -> List.of();
      case 1 -> found.getFirst();
      default -> found.stream().flatMap(List::stream).toList();
    };
  }

  /**
   * The process that has a key (RG4, AG2).
   *
   * @param key any key
   * @return its pid; empty if nobody living has it
   * @throws IllegalArgumentException if the keys are not unique, or the registry does not run
   */
  public Optional<Pid> whereis(K key) {
    Entry<K, V> entry = lifeOfUnique("whereis").find(Objects.requireNonNull(key, "key"));
    return entry == null ? Optional.empty() : Optional.of(entry.pid);
  }

  /**
   * Sends a message to the process that has a key.
   *
   * @param key any key
   * @param message an immutable object
   * @throws IllegalArgumentException if nobody has it, the keys are not unique, or the registry
   *     does not run
   */
  public void send(K key, Object message) {
    Life<K, V> now = lifeOfUnique("send");
    Entry<K, V> entry = now.find(Objects.requireNonNull(key, "key"));
    if (entry == null) {
      throw new IllegalArgumentException(
          "Nobody is registered as "
              + key
              + " in '"
              + name
              + "', so the message cannot be sent: "
              + message);
    }
    now.node.send(entry.pid, message);
  }

  /**
   * A key as a name for calls, casts and sends, which is looked up each time: {@code
   * ServerRef.via(node, rooms.via("lobby"))} (RG4).
   *
   * @param key any key
   * @return the name; to be registered under, it needs a value: {@link #via(Object, Object)}
   * @throws IllegalArgumentException if the keys are not unique
   */
  public ViaName via(K key) {
    return new ViaName(names(null, "via"), Objects.requireNonNull(key, "key"));
  }

  /**
   * A key as a name to be registered under, with a value (RG4).
   *
   * @param key any key
   * @param value with what value
   * @return the name
   * @throws IllegalArgumentException if the keys are not unique
   */
  public ViaName via(K key, V value) {
    return new ViaName(names(value), Objects.requireNonNull(key, "key"));
  }

  /**
   * The registry as one of names, for starting processes under them: {@code
   * SpawnOptions.DEFAULT.via(rooms.names("open"), "lobby")} (RG4, P62). A process that is started
   * so is registered before its code runs, and linked with the registry a moment later; if the key
   * is taken nothing is started.
   *
   * @param value with what value processes are registered
   * @return names, which are keys of this registry
   * @throws IllegalArgumentException if the keys are not unique
   */
  public NameRegistry names(V value) {
    return names(Objects.requireNonNull(value, "value"), "names");
  }

  private NameRegistry names(@Nullable V value, String operation) {
    requireUnique(operation);
    return new RegistryNames<>(this, value);
  }

  /** Registers a process from outside; false if the key is taken. */
  boolean registerOther(K key, Pid pid, V value) {
    Life<K, V> now = life();
    boolean ended = now.node.hasEnded(pid); // refuses those of other nodes
    if (ended) {
      throw new IllegalArgumentException(
          pid + " cannot be registered in '" + name + "': it has ended");
    }
    Partition<K, V> home = now.home(pid);
    Entry<K, V> entry = now.entry(key, pid, value);
    if (now.register(entry, home, false) != null) {
      return false;
    }
    boolean told = false;
    try {
      now.tell(home, new Life.Adopt(pid));
      now.tell(new Registered<>(name, key, pid, value));
      told = true;
    } finally {
      if (!told) {
        now.retract(entry, home); // who registers it was told to die: the process may never live
      }
    }
    return true;
  }

  /** Unregisters whoever has a key, from outside. */
  void unregisterOther(K key) {
    Life<K, V> now = life();
    Entry<K, V> entry = now.find(key);
    if (entry != null) {
      Partition<K, V> home = now.home(entry.pid);
      if (now.remove(home, List.of(entry)) > 0) {
        now.tell(home, new Life.Count(entry.pid, -1));
        now.tell(home, new Life.Abandon(entry.pid));
      }
    }
  }

  // ---- looking around

  /**
   * The keys of a process (RG8).
   *
   * @param pid any process of the node
   * @return its keys, a duplicate one as often as it is registered
   * @throws IllegalArgumentException if the registry does not run
   */
  public List<K> keys(Pid pid) {
    return life().held(pid).stream().map(entry -> entry.key).toList();
  }

  /**
   * The values of a process under a key (RG8).
   *
   * @param key any key
   * @param pid any process of the node
   * @return its values, oldest first; of a registry with unique keys one or none
   * @throws IllegalArgumentException if the registry does not run
   */
  public List<V> values(K key, Pid pid) {
    Objects.requireNonNull(key, "key");
    return life().held(pid).stream()
        .filter(entry -> entry.key.equals(key))
        .map(Entry::value)
        .toList();
  }

  /**
   * The registrations under a key whose values match (RG8).
   *
   * @param key any key
   * @param matching asked for each value
   * @return those of living processes
   * @throws IllegalArgumentException if the registry does not run
   */
  public List<Registration<K, V>> match(K key, Predicate<? super V> matching) {
    return lookup(key).stream().filter(found -> matching.test(found.value())).toList();
  }

  /**
   * How many registrations under a key have a value that matches (RG8).
   *
   * @param key any key
   * @param matching asked for each value
   * @return 0 or more
   * @throws IllegalArgumentException if the registry does not run
   */
  public int countMatch(K key, Predicate<? super V> matching) {
    return match(key, matching).size();
  }

  /**
   * The registrations that match, whatever their keys (RG8). Looks at all there are; those that
   * come or go meanwhile may be among them or not.
   *
   * @param matching asked for each registration
   * @return those of living processes, in no particular order
   * @throws IllegalArgumentException if the registry does not run
   */
  public List<Registration<K, V>> select(Predicate<? super Registration<K, V>> matching) {
    return life().all().filter(matching).toList();
  }

  /**
   * How many registrations match, whatever their keys (RG8).
   *
   * @param matching asked for each registration
   * @return 0 or more
   * @throws IllegalArgumentException if the registry does not run
   */
  public long countSelect(Predicate<? super Registration<K, V>> matching) {
    return life().all().filter(matching).count();
  }

  /**
   * How many registrations there are (RG8). Looks at none of them: those of processes that ended a
   * moment ago may be counted.
   *
   * @return 0 or more
   * @throws IllegalArgumentException if the registry does not run
   */
  public long count() {
    return life().count();
  }

  // ---- doing

  /**
   * Hands the registrations under a key to a function (RG8): once, or, in a registry with duplicate
   * keys that are divided by processes, once for each partition that has some; not at all if there
   * are none. It runs on the calling thread.
   *
   * @param key any key
   * @param action gets lists that are not empty
   * @throws IllegalArgumentException if the registry does not run
   */
  public void dispatch(K key, Consumer<? super List<Registration<K, V>>> action) {
    life().of(Objects.requireNonNull(key, "key")).forEach(action);
  }

  /**
   * The same with the partitions at the same time, each in a process of its own, if there is more
   * than one that has registrations (RG8, {@code parallel: true}). Waits until all are done.
   *
   * @param self the calling process
   * @param key any key
   * @param action gets lists that are not empty
   * @throws CallFailed with the reason of a process in which the action failed
   * @throws IllegalArgumentException if the registry does not run
   */
  public void dispatchInParallel(
      Context self, K key, Consumer<? super List<Registration<K, V>>> action) {
    List<List<Registration<K, V>>> parts = life().of(Objects.requireNonNull(key, "key"));
    if (parts.size() == 1) {
      action.accept(parts.getFirst());
      return;
    }
    List<Ref> helpers = new ArrayList<>(parts.size());
    for (List<Registration<K, V>> part : parts) {
      helpers.add(self.spawnMonitor(_ -> action.accept(part)).monitor());
    }
    ExitReason failure = null;
    for (Ref helper : helpers) {
      Down down = (Down) self.receive(message -> isEnd(message, helper));
      failure = down.reason().isClean() ? failure : down.reason();
    }
    if (failure != null) {
      throw new CallFailed(failure, "dispatchInParallel(" + name + ", " + key + ")");
    }
  }

  private static boolean isEnd(Object message, Ref monitor) {
    return message instanceof Down down && down.ref().equals(monitor);
  }

  /**
   * Runs code while no other process does so under the same key (RG10); other keys, and what is
   * registered under this one, do not matter. Waits for its turn as long as it takes. The lock is
   * given back however the code ends, also when the process is killed.
   *
   * @param self the calling process
   * @param key any key
   * @param code what to run; runs in the calling process
   * @param <T> its result
   * @return its result
   * @throws Exception what the code threw
   * @throws CallFailed with the reason of the process that keeps the locks, if that ends
   * @throws IllegalArgumentException if the registry does not run
   * @see Locks
   */
  public <T extends @Nullable Object> T lock(Context self, K key, Callable<T> code)
      throws Exception {
    return life().locks.hold(self, Objects.requireNonNull(key, "key"), code);
  }

  // ---- metadata

  /**
   * What was stored beside the registrations (RG1).
   *
   * @param key any key
   * @return the value, if there is one
   * @throws IllegalArgumentException if the registry does not run
   */
  public Optional<Object> meta(Object key) {
    return Optional.ofNullable(life().meta.get(key));
  }

  /**
   * Stores something beside the registrations, until the registry ends.
   *
   * @param key any key
   * @param value any immutable value
   * @throws IllegalArgumentException if the registry does not run
   */
  public void putMeta(Object key, Object value) {
    life().meta.put(key, value);
  }

  /**
   * Removes what was stored beside the registrations.
   *
   * @param key any key
   * @throws IllegalArgumentException if the registry does not run
   */
  public void deleteMeta(Object key) {
    life().meta.remove(key);
  }

  /** For tests: how many processes are listed, dead ones that are not cleared away included. */
  int processCount() {
    return life().processCount();
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
