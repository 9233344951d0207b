package io.coppice.kernel.testkit;

import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.process.Envelope;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.Buffer;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds mutable objects in messages: memory that two processes share although neither means to.
 *
 * <p>It looks at what messages are usually made of, records and collections, a few levels deep. It
 * does not open other objects, nor what a closure has captured.
 */
final class MessageCheck {
  private static final int DEPTH = 8;
  private static final int ELEMENTS = 100; // of one collection

  private static final List<Class<?>> MUTABLE =
      List.of(
          Date.class,
          Calendar.class,
          StringBuilder.class,
          StringBuffer.class,
          Buffer.class,
          java.util.BitSet.class);

  private static final ClassValue<Boolean> HAS_MUTABLE_FIELDS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return mutableField(type) != null;
        }
      };

  private final Set<Class<?>> allowed;

  MessageCheck(Set<Class<?>> allowed) {
    this.allowed = allowed;
  }

  /** What is mutable in a message, and where; null if nothing was found. */
  @Nullable String find(Object message) {
    return find(message, "", DEPTH);
  }

  private @Nullable String find(@Nullable Object value, String path, int depth) {
    boolean handle = value instanceof Pid || value instanceof Processes;
    if (value == null || depth == 0 || handle || isAllowed(value.getClass())) {
      return null;
    }
    String found = mutable(value);
    if (found != null) {
      return path.isEmpty() ? "it is " + found : "its " + path + " is " + found;
    }
    return switch (value) {
      case Request request -> find(request.payload(), path, depth - 1);
      case Envelope envelope -> find(envelope.message(), path, depth - 1);
      case Record r -> inRecord(r, path, depth - 1);
      case Collection<?> all -> inAll(all, path + " element", depth - 1);
      case Map<?, ?> map -> {
        String inKeys = inAll(map.keySet(), path + " key", depth - 1);
        yield inKeys != null ? inKeys : inAll(map.values(), path + " value", depth - 1);
      }
      default -> null;
    };
  }

  /** What a message carries; null if it is the message itself. */
  static @Nullable Object inside(Object message) {
    return switch (message) {
      case Request request -> request.payload();
      case Envelope envelope -> envelope.message();
      default -> null;
    };
  }

  private boolean isAllowed(Class<?> type) {
    return !allowed.isEmpty() && allowed.stream().anyMatch(each -> each.isAssignableFrom(type));
  }

  private @Nullable String inRecord(Record value, String path, int depth) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      if (!component.getType().isPrimitive()) {
        Object part = JdkInternals.component(value, component);
        String found = find(part, (path + " component " + component.getName()).strip(), depth);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private @Nullable String inAll(Collection<?> values, String path, int depth) {
    int seen = 0;
    for (Object value : values) {
      String found = seen++ < ELEMENTS ? find(value, path.strip(), depth) : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** What kind of mutable object it is, or null. */
  private static @Nullable String mutable(Object value) {
    Class<?> type = value.getClass();
    if (type.isArray()) {
      return java.lang.reflect.Array.getLength(value) == 0
          ? null
          : "an array, " + type.getSimpleName();
    }
    if (value instanceof Collection || value instanceof Map) {
      return isUnmodifiable(type) ? null : "a mutable collection, " + type.getName();
    }
    if (MUTABLE.stream().anyMatch(each -> each.isInstance(value))) {
      return "a mutable " + type.getName();
    }
    if (isPlainClass(type) && HAS_MUTABLE_FIELDS.get(type)) {
      Field field = mutableField(type);
      String name = field == null ? "?" : field.getName();
      return "a " + type.getName() + ", whose field " + name + " is not final";
    }
    return null;
  }

  /** The JDK's own: what {@code List.of}, {@code Collections.unmodifiableList} and such return. */
  private static boolean isUnmodifiable(Class<?> type) {
    String name = type.getName();
    return !name.startsWith("java.util.")
        || name.startsWith("java.util.ImmutableCollections")
        || name.startsWith("java.util.Collections$Unmodifiable")
        || name.startsWith("java.util.Collections$Empty")
        || name.startsWith("java.util.Collections$Singleton")
        || name.startsWith("java.util.concurrent."); // shared on purpose
  }

  /** A class of the user's that is meant to hold data. */
  private static boolean isPlainClass(Class<?> type) {
    return !type.isRecord()
        && !type.isEnum()
        && !type.isHidden()
        && !type.isAnonymousClass()
        && !Throwable.class.isAssignableFrom(type)
        && !Ref.class.isAssignableFrom(type)
        && !Envelope.class.isAssignableFrom(type)
        && !type.getName().startsWith("java.")
        && !type.getName().startsWith("jdk.");
  }

  private static @Nullable Field mutableField(Class<?> type) {
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (!Modifier.isStatic(modifiers)
            && !Modifier.isFinal(modifiers)
            && !Modifier.isTransient(modifiers)
            && !Modifier.isVolatile(modifiers)) {
          return field;
        }
      }
    }
    return null;
  }
}
