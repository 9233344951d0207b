package io.coppice.behaviours.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names a handler within its event manager, and says what it can be asked (semantics GE2).
 *
 * <p>Nothing forbids to add several handlers with the same id; whoever names it means the newest of
 * them. Immutable; two ids are equal if type and term are.
 *
 * @param type the class of the handler, or any class that stands for it
 * @param term tells several handlers of one class apart, or null
 * @param <Q> what the handler can be asked: a sealed interface of records that implement {@code
 *     Call<Q, R>}
 */
@SuppressWarnings("UnusedTypeParameter") // it types the calls of EventRef
public record HandlerId<Q>(Class<?> type, @Nullable Object term) {
  /** Refuses an id without a class. */
  public HandlerId {
    Objects.requireNonNull(type, "type");
  }

  /**
   * The id of the only handler of a class.
   *
   * @param type the class, which says what the handler can be asked
   * @param <Q> what the handler can be asked
   * @return the id
   */
  public static <Q> HandlerId<Q> of(Class<? extends EventHandler<?, Q, ?>> type) {
    return new HandlerId<>(type, null);
  }

  /**
   * The id of one of several handlers of a class.
   *
   * @param type the class, which says what the handler can be asked
   * @param term tells them apart; an immutable value with a meaningful {@code equals}
   * @param <Q> what the handler can be asked
   * @return the id
   */
  public static <Q> HandlerId<Q> of(Class<? extends EventHandler<?, Q, ?>> type, Object term) {
    return new HandlerId<>(type, Objects.requireNonNull(term, "term"));
  }

  /** The class, and the term after a slash. */
  @Override
  public String toString() {
    return term == null ? type.getName() : type.getName() + "/" + term;
  }
}
