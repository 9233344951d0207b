package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Undelivered;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A node as JMX tools see it. */
class NodeBeanTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private static ObjectName name(String node) throws JMException {
    return new ObjectName("io.coppice:type=Node,name=" + node);
  }

  private static Object ask(ObjectName bean, String operation, Object... arguments)
      throws JMException {
    String[] types = arguments.length == 0 ? new String[0] : new String[] {"java.lang.String"};
    return SERVER.invoke(bean, operation, arguments, types);
  }

  @Test
  @DisplayName("a node is registered while it runs, with numbers, dumps and processes to look at")
  void looking() throws JMException {
    NodeOptions options =
        NodeOptions.DEFAULT
            .withName("jmx test")
            .withSchedulers(2)
            .withStuckLimit(Duration.ofHours(1)); // no scheduler is replaced
    ObjectName bean = name("jmx test");
    try (Node node = Node.start(options)) {
      Pid mute = node.spawn((self, m) -> {}, SpawnOptions.DEFAULT.name("mute").initialCall("Mute"));
      Pid gone = node.spawn(self -> {});
      while (node.isAlive(gone)) {
        Thread.onSpinWait();
      }
      node.send(gone, "too late");
      await()
          .atMost(20, SECONDS)
          .until(
              () ->
                  node.info(mute).orElseThrow().status() == ProcessStatus.IDLE
                      && node.counters().undelivered(Undelivered.DEAD_PROCESS) == 1);
      assertEquals("jmx test", SERVER.getAttribute(bean, "Name"));
      assertEquals(1, SERVER.getAttribute(bean, "ProcessCount"));
      assertEquals(2L, SERVER.getAttribute(bean, "Spawned"));
      assertEquals(1L, SERVER.getAttribute(bean, "Ended"));
      assertEquals(0L, SERVER.getAttribute(bean, "EndedAbnormally"));
      assertEquals(0L, SERVER.getAttribute(bean, "ZombieCount"));
      assertEquals(0, SERVER.getAttribute(bean, "ExtraSchedulers"));
      assertEquals(2, ((String[]) SERVER.getAttribute(bean, "Schedulers")).length);
      assertTrue(SERVER.getAttribute(bean, "Undelivered").toString().contains("DEAD_PROCESS"));
      assertTrue((long) SERVER.getAttribute(bean, "UptimeMillis") >= 0);
      String dump = (String) ask(bean, "dump");
      assertTrue(dump.startsWith("Node jmx test: up "), dump);
      assertTrue(dump.endsWith("  <1> 'mute' Mute: idle; 0 handled\n"), dump);
      assertEquals("<1> 'mute' Mute: idle; 0 handled\n", ask(bean, "info", "mute"));
      assertEquals("<1> 'mute' Mute: idle; 0 handled\n", ask(bean, "info", mute.toString()));
      assertEquals("", ask(bean, "zombies"));
      assertTrue(((String) ask(bean, "info", "77")).startsWith("There is no process"));
      MBeanInfo info = SERVER.getMBeanInfo(bean);
      for (var attribute : info.getAttributes()) {
        assertFalse(attribute.isWritable(), attribute.getName());
        SERVER.getAttribute(bean, attribute.getName());
      }
      node.exit(mute, ExitReason.KILL);
    }
    assertFalse(SERVER.isRegistered(bean), "after the node was closed");
  }

  @Test
  @DisplayName("nodes of the same name get beans of their own, and names may have any characters")
  void names() throws JMException {
    String odd = "a=b,\"c\"*?";
    try (Node first = Node.start(NodeOptions.DEFAULT.withName("twin"));
        Node second = Node.start(NodeOptions.DEFAULT.withName("twin"));
        Node third = Node.start(NodeOptions.DEFAULT.withName(odd))) {
      first.spawn(self -> self.receive());
      Map.of(name("twin"), 1, name("twin#2"), 0, name(ObjectName.quote(odd)), 0)
          .forEach(
              (bean, processes) -> {
                try {
                  assertEquals(processes, SERVER.getAttribute(bean, "ProcessCount"));
                } catch (JMException e) {
                  throw new AssertionError(bean.toString(), e);
                }
              });
      assertEquals(0, second.processCount() + third.processCount());
    }
    assertTrue(SERVER.queryNames(new ObjectName("io.coppice:name=twin*,*"), null).isEmpty());
  }

  @Test
  @DisplayName("a node that is told not to be seen is not registered")
  void off() throws JMException {
    try (Node node = Node.start(NodeOptions.DEFAULT.withName("unseen").with(Knob.JMX, 0))) {
      assertFalse(SERVER.isRegistered(name("unseen")), node.toString());
    }
  }
}
