package io.coppice.kernel;

import io.coppice.kernel.inspect.NodeDump;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.DumpOptions.Stacks;
import io.coppice.kernel.process.NodeCounters;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Undelivered;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/**
 * The JMX side of a node. The first node of a JVM makes the JVM's MBean server, unless it is there
 * already, which takes about a tenth of a second; each node after that about 0.1 ms.
 */
final class NodeBean implements NodeMXBean {
  private static final System.Logger LOGGER = System.getLogger("io.coppice");
  private static final int SAME_NAME_MAX = 1_000; // nodes; more are not registered

  private final Node node;
  private final NodeDump.Source source;

  private NodeBean(Node node, NodeDump.Source source) {
    this.node = node;
    this.source = source;
  }

  /** Registers the bean of a node; null if that is not possible, which is logged. */
  static @Nullable ObjectName register(Node node, NodeDump.Source source) {
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      StandardMBean bean = new StandardMBean(new NodeBean(node, source), NodeMXBean.class, true);
      for (int number = 1; number <= SAME_NAME_MAX; number++) {
        ObjectName name = name(node.options().name(), number);
        if (!server.isRegistered(name) && tryRegister(server, bean, name)) {
          return name;
        }
      }
    } catch (JMException | RuntimeException | LinkageError e) {
      LOGGER.log(System.Logger.Level.WARNING, "Node " + node + " is not to be seen by JMX", e);
    }
    return null;
  }

  private static boolean tryRegister(MBeanServer server, StandardMBean bean, ObjectName name)
      throws JMException {
    try {
      server.registerMBean(bean, name);
      return true;
    } catch (InstanceAlreadyExistsException e) {
      return false; // another node came in between
    }
  }

  private static ObjectName name(String node, int number) throws JMException {
    String name = number == 1 ? node : node + "#" + number;
    boolean plain = name.matches("[\\w.#@ -]+");
    return new ObjectName("io.coppice:type=Node,name=" + (plain ? name : ObjectName.quote(name)));
  }

  static void unregister(@Nullable ObjectName name) {
    if (name != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
      } catch (JMException | RuntimeException e) {
        LOGGER.log(System.Logger.Level.DEBUG, "Somebody else has removed " + name, e);
      }
    }
  }

  // ---- attributes

  @Override
  public String getName() {
    return node.options().name();
  }

  @Override
  public String getMode() {
    return String.valueOf(source.header().mode());
  }

  @Override
  public long getUptimeMillis() {
    return source.header().up().toMillis();
  }

  @Override
  public int getProcessCount() {
    return node.processCount();
  }

  @Override
  public int getReadyCount() {
    return source.header().schedulers().stream().mapToInt(scheduler -> scheduler.queued()).sum();
  }

  @Override
  public long getZombieCount() {
    return node.zombieCount();
  }

  @Override
  public int getTimerCount() {
    return node.timerCount();
  }

  @Override
  public int getExtraSchedulers() {
    return node.extraSchedulers();
  }

  @Override
  public int getRunnerCount() {
    return node.runnerCount();
  }

  @Override
  public List<String> getSchedulers() {
    return NodeDump.schedulers(source);
  }

  @Override
  public long getSpawned() {
    return counters().spawned();
  }

  @Override
  public long getEnded() {
    return counters().ended();
  }

  @Override
  public long getEndedAbnormally() {
    return counters().endedAbnormally();
  }

  @Override
  public Map<String, Long> getUndelivered() {
    Map<String, Long> byName = new TreeMap<>();
    NodeCounters counters = counters();
    for (Undelivered reason : Undelivered.values()) {
      byName.put(reason.name(), counters.undelivered(reason));
    }
    return byName;
  }

  @Override
  public long getReportsLost() {
    return node.reportsLost();
  }

  private NodeCounters counters() {
    return node.counters();
  }

  // ---- operations

  @Override
  public String dump() {
    return node.dump();
  }

  @Override
  public String dumpEverything() {
    return node.dump(DumpOptions.DEFAULT.withStacks(Stacks.FULL).withDetails(true));
  }

  @Override
  public String zombies() {
    return NodeDump.zombies(source);
  }

  @Override
  public String info(String process) {
    Pid pid = node.whereis(Objects.requireNonNull(process, "process")).orElse(null);
    if (pid == null) {
      String number = process.replaceAll("[<>\\s]", "");
      pid =
          node.processes().stream()
              .filter(known -> String.valueOf(known.number()).equals(number))
              .findFirst()
              .orElse(null);
    }
    return pid == null
        ? "There is no process with the number or name '" + process + "'; it may have ended.\n"
        : NodeDump.process(source, pid);
  }
}
