package io.coppice.behaviours.registry;

import io.coppice.behaviours.generic.Cast;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.kernel.process.MailboxFull;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.supervisor.Supervisor;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A registry from its start to its end: the tables, and how they change. Any thread. */
final class Life<K, V> {
  /*
   * Who is registered is kept twice: by key in a Table, which all look into, and by process in the Partition
   * of that process. A partition has a process of its own, the server, which monitors the registered
   * processes and clears away after them; when it ends, its supervisor starts another one with a new
   * Partition. Nobody asks a server and waits; it is told what it needs to know.
   *
   * Registering, by the process itself or by whoever spawns it:
   *   1. tell the server: one registration more to watch   2. table   3. partition   4. fence
   *   5. look: has the process ended, is the partition closed? If so take both entries back.
   *   6. link: the process itself, or by the server, which is told.
   * Ending: 1. the process is marked as ended, 2. the server gets its Down, 3. fence, 4. it takes out what the
   * partition lists. A new server: 1. the old partition is closed, 2. fence, 3. it takes out what that lists.
   * Each side writes before it looks, so an entry that the server does not see is taken back by who made it.
   * And whoever dies between two of the steps has been announced to the server in step 1, or has nothing.
   *
   * Unregistering: 1. table, 2. partition; whoever wins the second tells the listeners, and the server: one
   * registration less. So whatever is cut short is finished by the server when the process ends, and the end
   * of a registration is told once (not at all, if who should tell is killed right then).
   *
   * Invariants
   *   1. An entry of the table is in the partition of its process, or about to be put or taken back.
   *   2. A process with entries is monitored, or the message that leads to it is on its way: the server
   *      counts, and each "one less" was sent after its "one more".
   *   3. Once a process has ended nobody finds it: who looks something up asks the kernel, whose answer is yes
   *      before any Down or Exit tells of it. So a key it held is free at once, whether cleared or not (RG3).
   *   4. In a table of unique keys a key changes hands by one atomic step, from nobody or from the dead. A dead
   *      process's entry that was replaced is taken out of its partition like the others.
   *   5. Each link is made after the entry and broken after it; who broke it looks again, and makes it anew if
   *      there is an entry. So two who do both at the same time leave a process with entries linked.
   *
   * Non-invariants: a table may have an entry whose registering will be taken back, but only of a process that
   * has ended, or whose server has. When a server ends its processes are told to end; their keys may be free a
   * moment before they have. Listeners may hear that a process is registered no more of which they have not
   * heard before: it, or its server, ended while it registered. And a server may monitor a process that will never live, if
   * its spawner was killed in the middle of spawning it.
   *
   * No operation of the kernel, and no code of the user's but hashCode and equals of keys, runs while an entry
   * of a map is locked.
   *
   * Compared with Elixir: there the tables are ETS tables that belong to the partitions' processes, and a link
   * does what the monitor does here. A link can be broken by anybody; a monitor only by whom it serves. And
   * since the tables do not go down with a server here, only its own processes are concerned when it does,
   * also with unique keys.
   */

  /** What the server of a partition is told. */
  sealed interface Message {}

  /** One registration of a process more, or so many less. */
  record Count(Pid pid, int change) implements Message {}

  /** A process was registered by somebody else: it is to be linked. */
  record Adopt(Pid pid) implements Message {}

  /** A process was unregistered by somebody else: perhaps it is to be unlinked. */
  record Abandon(Pid pid) implements Message {}

  private static final int RESTARTS = 3; // within the period, as Elixir's supervisors
  private static final Duration PERIOD = Duration.ofSeconds(5);

  final String name;
  final Keys kind;
  final Processes node;
  final Map<Object, Object> meta;
  final Locks locks = Locks.create();
  private final List<String> listeners;
  private final List<Table<K, V>> tables; // one, or one for each partition
  private final AtomicReferenceArray<@Nullable Partition<K, V>> partitions;
  private final AtomicLong lastNumber = new AtomicLong();
  private volatile @Nullable Pid supervisor;

  Life(String name, Keys kind, RegistryOptions options, Processes node) {
    this.name = name;
    this.kind = kind;
    this.node = node;
    this.meta = new ConcurrentHashMap<>(options.meta());
    this.listeners = options.listeners();
    this.partitions = new AtomicReferenceArray<>(options.partitions());
    this.tables = tables(kind, options.partitions());
  }

  private static <K, V> List<Table<K, V>> tables(Keys kind, int partitions) {
    return switch (kind) {
      case UNIQUE -> List.of(new Table.Unique<>());
      case DUPLICATE_BY_KEY -> List.of(new Table.Duplicate<>());
      case DUPLICATE_BY_PROCESS ->
          Stream.<Table<K, V>>generate(Table.Duplicate::new).limit(partitions).toList();
    };
  }

  // ---- its processes

  /** The supervisor of the partitions' servers. */
  Supervisor supervisor() {
    Supervisor description =
        Supervisor.oneForOne().intensity(RESTARTS, PERIOD).name(name).child(locks.child("locks"));
    for (int i = 0; i < partitions.length(); i++) {
      int index = i;
      String id = "partition-" + i;
      description =
          description.child(
              GenServer.child(
                  id,
                  () -> new PartitionServer<>(this, index),
                  ServerOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.label(name + " " + id))));
    }
    return description;
  }

  void begun(Pid pid) {
    supervisor = pid;
  }

  boolean isOver() {
    Pid pid = supervisor;
    return pid == null || node.hasEnded(pid);
  }

  /** By a server that begins: clears away after the one before it. */
  Partition<K, V> open(int index, Pid server) {
    Partition<K, V> last = partitions.get(index);
    Partition<K, V> fresh = new Partition<>(server);
    if (last != null) {
      last.close();
      for (Pid pid : List.copyOf(last.pids())) {
        if (last.isUnlinked(pid)) {
          node.exit(pid, PartitionServer.LOST); // first: this server may be killed as well
        }
        clear(last, pid);
      }
    }
    partitions.set(index, fresh);
    return fresh;
  }

  // ---- changing

  /**
   * The partition of a process.
   *
   * @throws IllegalArgumentException if its server is being restarted
   */
  Partition<K, V> home(Pid pid) {
    int index = indexOf(pid);
    Partition<K, V> home = partitions.get(index);
    if (home == null || node.hasEnded(home.server())) {
      throw restarting(pid);
    }
    return home;
  }

  IllegalArgumentException restarting(Pid pid) {
    return new IllegalArgumentException(
        "The registry '"
            + name
            + "' cannot register "
            + pid
            + " now: its partition "
            + indexOf(pid)
            + " has ended and is about to be restarted");
  }

  private int indexOf(Pid pid) {
    return (int) (pid.number() % partitions.length());
  }

  private Table<K, V> tableOf(Pid pid) {
    return tables.get(tables.size() == 1 ? 0 : indexOf(pid));
  }

  Entry<K, V> entry(K key, Pid pid, V value) {
    return new Entry<>(key, pid, lastNumber.incrementAndGet(), value);
  }

  /**
   * Registers a process, up to step 5.
   *
   * @param byItself whether the process is going to link itself
   * @return null, or who has the key
   * @throws IllegalArgumentException if the process or the server has ended
   */
  @Nullable Pid register(Entry<K, V> entry, Partition<K, V> home, boolean byItself) {
    tell(home, new Count(entry.pid, 1));
    Entry<K, V> holder = null;
    boolean stands = false;
    try {
      holder = tableOf(entry.pid).add(entry, node::hasEnded);
      if (holder == null) {
        home.add(entry, byItself);
        VarHandle.fullFence(); // pairs with those in Partition.close and PartitionServer.ended
        stands = !home.isClosed() && !node.hasEnded(entry.pid);
      }
    } finally {
      if (!stands && holder == null) {
        retract(entry, home); // also if it was told to die in between
      }
    }
    if (holder != null) {
      tell(home, new Count(entry.pid, -1));
      return holder.pid;
    }
    if (!stands) {
      throw home.isClosed()
          ? restarting(entry.pid)
          : new IllegalArgumentException(
              entry.pid + " cannot be registered in '" + name + "': it has ended");
    }
    return null;
  }

  /** Takes back what nobody has been told of. */
  void retract(Entry<K, V> entry, Partition<K, V> home) {
    tableOf(entry.pid).remove(entry);
    home.remove(entry);
  }

  /**
   * Unregisters.
   *
   * @return how many of the entries were still there
   */
  int remove(Partition<K, V> home, List<Entry<K, V>> entries) {
    int removed = 0;
    for (Entry<K, V> entry : entries) {
      tableOf(entry.pid).remove(entry);
      if (home.remove(entry)) {
        removed++;
        tell(new RegistryEvent.Unregistered<>(name, entry.key, entry.pid));
      }
    }
    return removed;
  }

  /** Unregisters a process that has ended, or whose partition has; by a server. */
  void clear(Partition<K, V> home, Pid pid) {
    int _ = remove(home, home.of(pid));
  }

  // ---- telling

  /** Tells the server of a partition. */
  void tell(Partition<K, V> home, Message message) {
    node.send(home.server(), new Cast(message));
  }

  /** Tells the listeners (RG9). */
  void tell(RegistryEvent<K> event) {
    for (String listener : listeners) {
      node.whereis(listener).ifPresent(pid -> tell(pid, event));
    }
  }

  private void tell(Pid listener, RegistryEvent<K> event) {
    try {
      node.send(listener, event);
    } catch (MailboxFull full) {
      return; // the kernel has counted it; its mailbox is the listener's own affair
    }
  }

  // ---- looking

  /** The entry of a unique key, if its process lives. */
  @Nullable Entry<K, V> find(K key) {
    Entry<K, V> entry = ((Table.Unique<K, V>) tables.getFirst()).get(key);
    return entry == null || node.hasEnded(entry.pid) ? null : entry;
  }

  /** What is registered under a key, table by table. */
  List<List<Registration<K, V>>> of(K key) {
    List<List<Registration<K, V>>> found = new ArrayList<>(tables.size());
    for (Table<K, V> table : tables) {
      List<Registration<K, V>> living = living(table.of(key).stream()).toList();
      if (!living.isEmpty()) {
        found.add(living);
      }
    }
    return found;
  }

  /** All there is. */
  Stream<Registration<K, V>> all() {
    return tables.stream()
        .flatMap(table -> table.keys().stream().flatMap(key -> living(table.of(key).stream())));
  }

  private Stream<Registration<K, V>> living(Stream<Entry<K, V>> entries) {
    return entries.filter(entry -> !node.hasEnded(entry.pid)).map(Entry::seen);
  }

  /** What a process has registered; nothing if it has ended. */
  List<Entry<K, V>> held(Pid pid) {
    Partition<K, V> home = partitions.get(indexOf(pid));
    return home == null || node.hasEnded(pid) ? List.of() : home.of(pid);
  }

  long count() {
    return tables.stream().mapToLong(Table::count).sum();
  }

  /** For tests: how many processes the partitions list. */
  int processCount() {
    int count = 0;
    for (int i = 0; i < partitions.length(); i++) {
      Partition<K, V> partition = partitions.get(i);
      count += partition == null ? 0 : partition.pids().size();
    }
    return count;
  }
}
