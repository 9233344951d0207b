package io.coppice.kernel;

import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.mailbox.Queues;
import java.util.ArrayList;
import java.util.List;

/**
 * What of the JDK is open to a node, and so what it stands on: schedulers of its own and Agrona's
 * queues, or what every JVM has. Says what is missing, what that costs, and what to do about it.
 *
 * @param schedulers whether processes run on schedulers of the node's own
 * @param agrona whether mailboxes are Agrona's queues
 */
record Footing(Schedulers schedulers, boolean agrona) {
  /** A logger of its own, so that who has decided for it can turn the line off. */
  static final String LOGGER_NAME = "io.coppice.flags";

  private static final System.Logger LOGGER = System.getLogger(LOGGER_NAME);

  // By `bench run` with and without the flags, and `bench micro Mailbox`; see the README.
  private static final String COST_OF_SCHEDULERS =
      "processes run on the JDK's scheduler of virtual threads, and most work takes 1.1 to 1.6"
          + " times as long";
  private static final String COST_OF_QUEUE = "sending takes up to a quarter longer";

  /** How it is with schedulers of the node's own. */
  enum Schedulers {
    /** They can be had. */
    OWN,
    /** A flag is missing. */
    CLOSED,
    /** No flag helps: this JDK is not made like JDK 25. */
    OTHER_JDK
  }

  static Footing ofThisJvm() {
    Schedulers schedulers =
        JdkInternals.isOpen()
            ? Schedulers.OWN
            : JdkInternals.isFlagMissing() ? Schedulers.CLOSED : Schedulers.OTHER_JDK;
    return new Footing(schedulers, Queues.isAgronaUsable());
  }

  boolean isFast() {
    return schedulers == Schedulers.OWN && agrona;
  }

  /** For each node, before it is started: logs what is missing, or refuses to go on without it. */
  void tell(NodeOptions options) {
    if (isFast()) {
      return;
    }
    Module code = Footing.class.getModule();
    if (options.get(Knob.REQUIRE_FAST) != 0) {
      throw new IllegalStateException(refusal(options.name(), code));
    }
    LOGGER.log(System.Logger.Level.INFO, line(options.name(), code));
  }

  /** For dumps and JMX: "fast", or what it is without. */
  String mode() {
    List<String> lacks = new ArrayList<>();
    if (schedulers == Schedulers.OTHER_JDK) {
      lacks.add("the internals of JDK 25 (this is " + Runtime.version() + ")");
    }
    lacks.addAll(flags(Footing.class.getModule()));
    return lacks.isEmpty() ? "fast" : "without " + String.join(" ", lacks);
  }

  /** The line of the log, for code in the given module. */
  String line(String node, Module code) {
    List<String> lacks = new ArrayList<>();
    if (schedulers != Schedulers.OWN) {
      lacks.add(closedSchedulers() + ", so " + COST_OF_SCHEDULERS);
    }
    if (!agrona) {
      lacks.add(closedQueue() + ", so " + COST_OF_QUEUE);
    }
    return "Node " + node + " could be faster: " + String.join("; ", lacks) + "; " + cure(code);
  }

  /** The sentence of a node that does not start, for code in the given module. */
  String refusal(String node, Module code) {
    List<String> lacks = new ArrayList<>();
    if (schedulers != Schedulers.OWN) {
      lacks.add(closedSchedulers());
    }
    if (!agrona) {
      lacks.add(closedQueue());
    }
    return "Node "
        + node
        + " may start only where it is fast (requireFast is 1), but "
        + String.join(" and ", lacks)
        + ": "
        + cure(code);
  }

  private String closedSchedulers() {
    return schedulers == Schedulers.OTHER_JDK
        ? "JDK " + Runtime.version() + " has not the internals of JDK 25"
        : "java.lang is not open to Coppice";
  }

  private static String closedQueue() {
    return "jdk.internal.misc is not open to Agrona";
  }

  private String cure(Module code) {
    List<String> cures = new ArrayList<>();
    if (schedulers == Schedulers.OTHER_JDK) {
      cures.add("use JDK 25");
    }
    List<String> flags = flags(code);
    if (!flags.isEmpty()) {
      cures.add("start the JVM with " + String.join(" ", flags));
    }
    return String.join(" and ", cures);
  }

  /** The flags that are missing, in the form that the command line and all variables take. */
  private List<String> flags(Module code) {
    List<String> flags = new ArrayList<>();
    if (schedulers == Schedulers.CLOSED) {
      String kernel = code.isNamed() ? code.getName() : "ALL-UNNAMED";
      flags.add("--add-opens=java.base/java.lang=" + kernel);
    }
    if (!agrona) {
      String library = code.isNamed() ? "org.agrona" : "ALL-UNNAMED";
      flags.add("--add-opens=java.base/jdk.internal.misc=" + library);
    }
    return flags;
  }
}
