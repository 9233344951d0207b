package io.coppice.bench;

import io.coppice.bench.suite.Workload;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Spoils a workload: its processes get contexts that do what they should, except for one message
 * that any of them takes, or except for one operation.
 */
final class Saboteur {
  /** What goes wrong. */
  enum Deed {
    /** A message is taken and nobody sees it. */
    LOSE,
    /** A message comes twice. */
    DOUBLE,
    /** A message says something else. */
    CORRUPT,
    /** Every sleep, and every timer that sends a message, is over at once. */
    EARLY,
    /** Whoever cancels a timer is told that there was none. */
    DENY,
    /** Who yields goes on at once. */
    LAZY,
    /** Every answer of a call is one too many. */
    MISCOUNT
  }

  private final Deed deed;
  private final int nth;
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean struck;

  /**
   * One that spoils one message, or one operation.
   *
   * @param deed what goes wrong
   * @param nth of all messages that can be spoilt so, from 1
   */
  Saboteur(Deed deed, int nth) {
    this.deed = deed;
    this.nth = nth;
  }

  /** Whether there was anything to spoil. */
  boolean hasStruck() {
    return struck;
  }

  Workload spoil(Workload workload) {
    return new Workload(
        workload.name(),
        workload.kind(),
        (driver, run) ->
            workload.body().run((Context) around(driver, Context.class, () -> {}), run));
  }

  /**
   * Numbers are off by one, words are other words, everything else cannot be changed. STOP stays:
   * it comes after what is measured.
   */
  private static @Nullable Object corrupted(Object message) {
    return switch (message) {
      case Integer number -> number + 1;
      case Long number -> number + 1;
      case Enum<?> word when !word.name().equals("STOP") ->
          Stream.of(word.getDeclaringClass().getEnumConstants())
              .filter(other -> other != word && !String.valueOf(other).equals("STOP"))
              .findFirst()
              .orElse(null);
      default -> null;
    };
  }

  /** Whether this message, which is being taken, is the one. */
  private boolean strikes(Object message) {
    boolean possible =
        switch (deed) {
          case LOSE, DOUBLE -> true;
          case CORRUPT -> corrupted(message) != null;
          case EARLY, DENY, LAZY, MISCOUNT -> false;
        };
    if (!possible || taken.incrementAndGet() != nth) {
      return false;
    }
    struck = true;
    return true;
  }

  // ---- operations

  private Object around(Object real, Class<?> type, Runnable stopped) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "node" -> around(((Context) real).node(), Processes.class, stopped);
              case "receive" -> receive((Context) real, method, arguments);
              case "stop" -> {
                stopped.run();
                yield call(real, method, arguments);
              }
              default -> operation(real, method, wrapped(arguments));
            });
  }

  private @Nullable Object operation(
      Object real, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    String name = method.getName();
    boolean skipped =
        switch (deed) {
          case LAZY -> name.equals("yieldNow");
          case EARLY -> name.equals("sleep");
          default -> false;
        };
    if (skipped) {
      struck = true;
      return null;
    }
    if (deed == Deed.EARLY && name.equals("sendAfter") && arguments != null) {
      struck = true;
      arguments[0] = Duration.ZERO;
    }
    Object result = call(real, method, arguments);
    if (deed == Deed.DENY && name.equals("dropTimer")) {
      struck = true;
      return false;
    }
    if (deed == Deed.MISCOUNT && name.equals("call") && result instanceof Integer count) {
      struck = true;
      return count + 1;
    }
    return result;
  }

  private @Nullable Object receive(
      Context real, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    while (true) {
      Object result = call(real, method, arguments);
      boolean optional = result instanceof Optional;
      Object message = result instanceof Optional<?> some ? some.orElse(null) : result;
      if (message == null || !strikes(message)) {
        return result;
      }
      switch (deed) {
        case DOUBLE -> {
          real.send(real.pid(), message);
          return result;
        }
        case CORRUPT -> {
          Object other = corrupted(message);
          return optional ? Optional.ofNullable(other) : other;
        }
        default -> {
          // lost: on to the next one
        }
      }
    }
  }

  private static @Nullable Object call(
      Object real, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  // ---- the processes that they start

  private @Nullable Object @Nullable [] wrapped(@Nullable Object @Nullable [] arguments) {
    if (arguments == null) {
      return null;
    }
    @Nullable Object[] all = arguments.clone();
    for (int i = 0; i < all.length; i++) {
      if (all[i] instanceof ProcessBody body) {
        ProcessBody wrapped = self -> body.run((Context) around(self, Context.class, () -> {}));
        all[i] = wrapped;
      } else if (all[i] instanceof Reactive body) {
        all[i] = new Spoilt(body);
      }
    }
    return all;
  }

  private final class Spoilt implements Reactive {
    private final Reactive body;
    private boolean stopped;

    Spoilt(Reactive body) {
      this.body = body;
    }

    private Context context(Context self) {
      return (Context) around(self, Context.class, () -> stopped = true);
    }

    @Override
    public void onStart(Context self) throws Exception {
      body.onStart(context(self));
    }

    @Override
    public void onMessage(Context self, Object message) throws Exception {
      if (!strikes(message)) {
        body.onMessage(context(self), message);
        return;
      }
      switch (deed) {
        case DOUBLE -> twice(self, message);
        case CORRUPT ->
            body.onMessage(context(self), Objects.requireNonNull(corrupted(message), "strikes()"));
        default -> {
          // lost
        }
      }
    }

    /** One after the other; the second one lies there unread if the process ends at the first. */
    private void twice(Context self, Object message) throws Exception {
      try {
        body.onMessage(context(self), message);
      } catch (Exception e) {
        self.send(self.pid(), message);
        throw e;
      }
      if (stopped) {
        self.send(self.pid(), message);
      } else {
        body.onMessage(context(self), message);
      }
    }
  }
}
