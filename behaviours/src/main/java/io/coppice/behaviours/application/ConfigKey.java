package io.coppice.behaviours.application;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The name of a setting, with the type of its values, what they may be, and a default (semantics
 * AP11). Best kept in a constant, beside the code that reads it:
 *
 * {@snippet :
 * static final ConfigKey<Integer> PORT =
 *     ConfigKey.integer("port").where(p -> p > 0 && p < 65_536, "from 1 to 65535").orElse(8080);
 * }
 *
 * <p>A value that comes as text, from a file or the command line, is parsed. Immutable; each method
 * returns a changed copy.
 *
 * @param <T> the type of the values, which should be immutable
 */
public final class ConfigKey<T> {
  private final String name;
  private final Class<T> type;
  private final @Nullable Function<String, T> parser;
  private final @Nullable Rule<T> rule;
  private final @Nullable T normal;

  private record Rule<T>(Predicate<? super T> allows, String text) {}

  private ConfigKey(
      String name,
      Class<T> type,
      @Nullable Function<String, T> parser,
      @Nullable Rule<T> rule,
      @Nullable T normal) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("The name of a setting cannot be blank.");
    }
    this.name = name;
    this.type = type;
    this.parser = parser;
    this.rule = rule;
    this.normal = normal;
  }

  /**
   * A text.
   *
   * @param name the name of the setting
   * @return its key
   */
  public static ConfigKey<String> text(String name) {
    return of(name, String.class, text -> text);
  }

  /**
   * A whole number.
   *
   * @param name the name of the setting
   * @return its key
   */
  public static ConfigKey<Integer> integer(String name) {
    return of(name, Integer.class, Integer::valueOf);
  }

  /**
   * True or false.
   *
   * @param name the name of the setting
   * @return its key
   */
  public static ConfigKey<Boolean> flag(String name) {
    return of(name, Boolean.class, ConfigKey::parseFlag);
  }

  /**
   * A time; as text in the form of {@link Duration#parse}, such as {@code PT1.5S}.
   *
   * @param name the name of the setting
   * @return its key
   */
  public static ConfigKey<Duration> time(String name) {
    return of(name, Duration.class, Duration::parse);
  }

  /**
   * Any type, which cannot be given as text.
   *
   * @param name the name of the setting
   * @param type the type of the values
   * @param <T> the type of the values
   * @return the key
   */
  public static <T> ConfigKey<T> of(String name, Class<T> type) {
    return new ConfigKey<>(name, type, null, null, null);
  }

  /**
   * Any type.
   *
   * @param name the name of the setting
   * @param type the type of the values
   * @param parser makes a value of a text, or throws
   * @param <T> the type of the values
   * @return the key
   */
  public static <T> ConfigKey<T> of(String name, Class<T> type, Function<String, T> parser) {
    return new ConfigKey<>(name, type, Objects.requireNonNull(parser, "parser"), null, null);
  }

  private static Boolean parseFlag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  /**
   * Limits the values.
   *
   * @param allows says whether a value is allowed
   * @param text which ones are, for the sentence about one that is not: {@code from 1 to 65535}
   * @return a changed copy
   */
  public ConfigKey<T> where(Predicate<? super T> allows, String text) {
    return new ConfigKey<>(name, type, parser, new Rule<>(allows, text), normal);
  }

  /**
   * Gives it a default, for {@link Environment#get(ConfigKey)}.
   *
   * @param value the value where none is set
   * @return a changed copy
   * @throws IllegalArgumentException if that value is not allowed
   */
  public ConfigKey<T> orElse(T value) {
    return new ConfigKey<>(name, type, parser, rule, read(value));
  }

  /**
   * The name of the setting.
   *
   * @return not blank
   */
  public String name() {
    return name;
  }

  /**
   * The default.
   *
   * @return what {@link #orElse} was given, or empty
   */
  public Optional<T> normal() {
    return Optional.ofNullable(normal);
  }

  /** The value as it is to be used; what does not fit is refused with a sentence. */
  T read(Object raw) {
    T value = typed(raw);
    if (rule != null && !allowed(rule, value)) {
      throw new IllegalArgumentException(
          "The setting " + name + " is " + shown(raw) + ", but allowed is " + rule.text());
    }
    return value;
  }

  private boolean allowed(Rule<T> limits, T value) {
    try {
      return limits.allows().test(value);
    } catch (RuntimeException thrown) {
      throw new IllegalArgumentException(
          "The setting " + name + " is " + shown(value) + ", but its rule threw " + thrown, thrown);
    }
  }

  private T typed(Object raw) {
    if (type.isInstance(raw)) {
      return type.cast(raw);
    }
    String expected = ", which is no " + type.getSimpleName();
    if (parser != null && raw instanceof String text) {
      try {
        return Objects.requireNonNull(parser.apply(text.strip()), "the parser returned null");
      } catch (RuntimeException refused) {
        throw new IllegalArgumentException(
            "The setting " + name + " is " + shown(raw) + expected + ": " + refused.getMessage(),
            refused);
      }
    }
    throw new IllegalArgumentException(
        "The setting " + name + " is " + shown(raw) + expected + " but a " + kind(raw));
  }

  private static String shown(Object raw) {
    return raw instanceof String text ? "\"" + text + "\"" : String.valueOf(raw);
  }

  private static String kind(Object raw) {
    return raw.getClass().getSimpleName();
  }

  /** The name and the type. */
  @Override
  public String toString() {
    return name + ":" + type.getSimpleName();
  }
}
