package io.coppice.kernel.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one place that touches internals of the JDK: virtual threads with a scheduler of our own, the
 * carrier of the running thread, and a thread's locals.
 *
 * <p>All of that needs {@code java.lang} to be opened. When it is not ({@link #isOpen}) processes
 * are hosted without, and of this class only what says so may be called.
 */
public final class JdkInternals {
  /* Used of JDK 25: the package-private ThreadBuilders.VirtualThreadBuilder(Executor), the executor of
   * JDK's own virtual threads (VirtualThread.DEFAULT_SCHEDULER), Thread.currentCarrierThread, and the
   * fields Thread.threadLocals, inheritableThreadLocals, contextClassLoader, scopedValueBindings (at first the
   * class Thread, later ScopedValue.Snapshot.EMPTY_SNAPSHOT, while nothing is bound). The handles are static
   * finals, so that the JIT compiles the accessors to plain field accesses.
   */
  private static final @Nullable MethodHandle NEW_BUILDER;
  private static final @Nullable MethodHandle CURRENT_CARRIER;
  private static final @Nullable VarHandle THREAD_LOCALS;
  private static final @Nullable VarHandle INHERITABLE_LOCALS;
  private static final @Nullable VarHandle CLASS_LOADER;
  private static final @Nullable VarHandle SCOPED_VALUES;
  private static final @Nullable Object NO_SCOPED_VALUES;
  private static final @Nullable Executor DEFAULT_SCHEDULER;
  private static final boolean OPEN;

  /** Without the internals: what a virtual thread said carries it. */
  private static final ThreadLocal<Object> TOLD = new ThreadLocal<>();

  static {
    MethodHandle newBuilder = null;
    MethodHandle currentCarrier = null;
    VarHandle locals = null;
    VarHandle inheritable = null;
    VarHandle classLoader = null;
    VarHandle scopedValues = null;
    Object noScopedValues = null;
    Executor defaultScheduler = null;
    Throwable problem = null;
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
      Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
      Constructor<?> constructor = builder.getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      newBuilder =
          lookup
              .unreflectConstructor(constructor)
              .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
      currentCarrier =
          lookup.findStatic(
              Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
      Class<?> map = Class.forName("java.lang.ThreadLocal$ThreadLocalMap");
      locals = lookup.findVarHandle(Thread.class, "threadLocals", map);
      inheritable = lookup.findVarHandle(Thread.class, "inheritableThreadLocals", map);
      classLoader = lookup.findVarHandle(Thread.class, "contextClassLoader", ClassLoader.class);
      scopedValues = lookup.findVarHandle(Thread.class, "scopedValueBindings", Object.class);
      var none = Class.forName("java.lang.ScopedValue$Snapshot").getDeclaredField("EMPTY_SNAPSHOT");
      none.setAccessible(true);
      noScopedValues = none.get(null);
      Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
      var field = virtualThread.getDeclaredField("DEFAULT_SCHEDULER");
      field.setAccessible(true);
      defaultScheduler = (Executor) field.get(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      problem = e;
    }
    OPEN = problem == null;
    NEW_BUILDER = newBuilder;
    CURRENT_CARRIER = currentCarrier;
    THREAD_LOCALS = locals;
    INHERITABLE_LOCALS = inheritable;
    CLASS_LOADER = classLoader;
    SCOPED_VALUES = scopedValues;
    NO_SCOPED_VALUES = noScopedValues;
    DEFAULT_SCHEDULER = defaultScheduler;
  }

  private JdkInternals() {}

  /**
   * Whether the internals can be used. May always be called.
   *
   * @return the same for as long as the JVM runs
   */
  public static boolean isOpen() {
    return OPEN;
  }

  /**
   * Whether the flag that opens {@code java.lang} is missing. If it is not, and the internals
   * cannot be used all the same, then this JDK has none like them.
   *
   * @return true if it would help
   */
  public static boolean isFlagMissing() {
    return !Object.class.getModule().isOpen("java.lang", JdkInternals.class.getModule());
  }

  /**
   * Why the internals cannot be used. May always be called.
   *
   * @return the sentence that says what to do about it; null if they can be used
   */
  public static @Nullable String missing() {
    if (OPEN) {
      return null;
    }
    if (!isFlagMissing()) {
      return "use JDK 25, whose virtual threads Coppice can schedule (this is "
          + Runtime.version()
          + ")";
    }
    Module module = JdkInternals.class.getModule();
    return "let Coppice schedule virtual threads itself: start the JVM with"
        + " --add-opens=java.base/java.lang="
        + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }

  /**
   * Initialises the JDK's socket pollers: virtual threads with the scheduler of the running one.
   * Were that a process, they would run on a scheduler of its node, and every socket of the JVM
   * would hang once that is closed.
   */
  public static void loadPollers() {
    try {
      Class.forName("sun.nio.ch.Poller", true, null);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "This JDK has no sun.nio.ch.Poller, so Coppice cannot say where its sockets are waited"
              + " for; use JDK 25",
          e);
    }
  }

  /**
   * A new, unstarted virtual thread whose continuation is handed to the given executor.
   *
   * @param scheduler gets the continuation whenever the thread is ready to run
   * @param name its name
   * @param task its code
   * @return the thread
   */
  public static Thread newVirtualThread(Executor scheduler, String name, Runnable task) {
    try {
      var builder =
          (Thread.Builder.OfVirtual) Objects.requireNonNull(NEW_BUILDER).invokeExact(scheduler);
      return builder.name(name).inheritInheritableThreadLocals(false).unstarted(task);
    } catch (Throwable e) {
      throw new IllegalStateException("The JDK refused to make a virtual thread", e);
    }
  }

  /**
   * What carries the running thread. May always be called.
   *
   * @return the platform thread: the carrier of a virtual thread, or the thread itself; without the
   *     internals for a virtual thread what it has {@linkplain #carriedBy told}, or itself
   */
  public static Object currentCarrier() {
    return OPEN ? realCarrier() : toldCarrier();
  }

  private static Thread realCarrier() {
    try {
      return (Thread) Objects.requireNonNull(CURRENT_CARRIER).invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("The JDK did not tell the current carrier", e);
    }
  }

  private static Object toldCarrier() {
    Thread thread = Thread.currentThread();
    Object told = thread.isVirtual() ? TOLD.get() : null;
    return told == null ? thread : told;
  }

  /**
   * Without the internals: tells what carries the running virtual thread.
   *
   * @param carrier what {@link #currentCarrier} returns there from now on
   */
  public static void carriedBy(Object carrier) {
    TOLD.set(carrier);
  }

  /**
   * The executor of virtual threads that have no scheduler of their own.
   *
   * @return the JDK's default scheduler
   */
  public static Executor defaultScheduler() {
    return Objects.requireNonNull(DEFAULT_SCHEDULER);
  }

  /**
   * Takes the thread locals off the running thread.
   *
   * @param thread the running thread
   * @return what it held: opaque, to be given back to {@link #putThreadLocals}; null if nothing
   */
  public static @Nullable Object takeThreadLocals(Thread thread) {
    Object locals = Objects.requireNonNull(THREAD_LOCALS).get(thread);
    Object inheritable = Objects.requireNonNull(INHERITABLE_LOCALS).get(thread);
    if (locals == null && inheritable == null) {
      return null;
    }
    Objects.requireNonNull(THREAD_LOCALS).set(thread, null);
    Objects.requireNonNull(INHERITABLE_LOCALS).set(thread, null);
    return inheritable == null ? locals : new Object[] {locals, inheritable};
  }

  /**
   * Puts thread locals on the running thread.
   *
   * @param thread the running thread
   * @param taken what {@link #takeThreadLocals} returned
   */
  public static void putThreadLocals(Thread thread, Object taken) {
    if (taken instanceof Object[] both) {
      Objects.requireNonNull(THREAD_LOCALS).set(thread, both[0]);
      Objects.requireNonNull(INHERITABLE_LOCALS).set(thread, both[1]);
    } else {
      Objects.requireNonNull(THREAD_LOCALS).set(thread, taken);
    }
  }

  /**
   * The context class loader of a thread, without any check. May always be called.
   *
   * @param thread any thread
   * @return its loader
   */
  public static @Nullable ClassLoader contextClassLoader(Thread thread) {
    VarHandle field = CLASS_LOADER;
    return field == null ? thread.getContextClassLoader() : (ClassLoader) field.getOpaque(thread);
  }

  /**
   * Whether scoped values may be bound in the running thread.
   *
   * @param thread the running thread
   * @return false if none are for sure, or if they cannot be seen for lack of the flags
   */
  @SuppressWarnings("ReferenceEquality") // there is one object for "none"
  public static boolean hasScopedValues(Thread thread) {
    if (SCOPED_VALUES == null) {
      return false;
    }
    Object bindings = SCOPED_VALUES.get(thread);
    return bindings != Thread.class && bindings != NO_SCOPED_VALUES;
  }

  /**
   * A component of a record, private or not.
   *
   * @param value the record
   * @param component one of its class
   * @return its value; null also if its module does not let us look, or its accessor throws
   */
  public static @Nullable Object component(Record value, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      return accessor.canAccess(value) || accessor.trySetAccessible()
          ? accessor.invoke(value)
          : null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
