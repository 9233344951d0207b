package io.coppice.kernel.scheduler;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;

/**
 * How many carriers the JDK's scheduler of virtual threads has, and whether they have more to do:
 * for all nodes of the JVM. Any thread.
 */
final class JdkCarriers {
  private static final @Nullable VirtualThreadSchedulerMXBean BEAN = find();
  private static final int WITHOUT = BEAN == null ? 0 : BEAN.getParallelism();
  private static final AtomicInteger ADDED = new AtomicInteger();

  private JdkCarriers() {}

  private static @Nullable VirtualThreadSchedulerMXBean find() {
    try {
      return ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    } catch (LinkageError without) { // a runtime image without the module jdk.management
      return null;
    }
  }

  /** Takes a tenth of a second, which is better spent before it matters. */
  static void prepare() {
    // by the initialisation of this class
  }

  /** Whether a virtual thread waits for a carrier, a momentary value; true if nobody can say. */
  static boolean isAwaited() {
    VirtualThreadSchedulerMXBean bean = BEAN;
    return bean == null || bean.getQueuedVirtualThreadCount() != 0; // -1: not known
  }

  /** Some more, or fewer, than now; as many as the JDK allows (256, if it was told nothing). */
  static void change(int by) {
    int added = ADDED.addAndGet(by);
    VirtualThreadSchedulerMXBean bean = BEAN;
    if (bean != null) {
      set(bean, WITHOUT + added);
    }
  }

  private static void set(VirtualThreadSchedulerMXBean bean, int carriers) {
    try {
      bean.setParallelism(carriers);
    } catch (IllegalArgumentException tooMany) {
      // so many as there are will do
    }
  }
}
