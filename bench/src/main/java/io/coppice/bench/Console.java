package io.coppice.bench;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a command prints to. Lines are seen at once: figures come slowly. */
@Command
public final class Console {
  /** Filled by picocli. */
  public Console() {}

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine();
  }

  /**
   * A line or a text of the result.
   *
   * @param text without the last line break
   */
  public void print(String text) {
    PrintWriter out = commandLine().getOut();
    out.println(text);
    out.flush();
  }

  /**
   * A line about something else.
   *
   * @param text without the last line break
   */
  public void warn(String text) {
    PrintWriter err = commandLine().getErr();
    err.println(text);
    err.flush();
  }

  /**
   * To be thrown: the command line asks for what cannot be done.
   *
   * @param message a sentence
   * @return the exception
   */
  public ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }
}
