package io.coppice.kernel.process;

/**
 * Why a message did not get into the hands of the process it was sent to. Each such message is
 * counted under one of these ({@link NodeCounters#undelivered}). A {@link Request} only as {@link
 * #EXPIRED}: in all other cases its caller is told.
 */
public enum Undelivered {
  /** The receiver had ended (P13). */
  DEAD_PROCESS("the receiver had ended"),
  /** The receiver was declared dead while its code still ran ({@link ZombieReport}). */
  ZOMBIE("the receiver had been cut off"),
  /** No process had the name (P13). */
  UNKNOWN_NAME("nobody had the name"),
  /** The mailbox was full and its bound says that messages are then lost. */
  MAILBOX_FULL("the mailbox was full"),
  /** The alias had been deactivated, or its process had ended (P51): what aliases are for. */
  INACTIVE_ALIAS("the alias was no longer active"),
  /** The node was closing, or closed, and the receiver had ended. */
  NODE_CLOSED("the node was closed"),
  /** It was in the mailbox when the receiver ended. */
  UNREAD("the receiver ended before it read them"),
  /** It was a request that nobody waited for any more when its turn came ({@link Deadlines}). */
  EXPIRED("their callers had given up before their turn came");

  private final String sentence;

  Undelivered(String sentence) {
    this.sentence = sentence;
  }

  /**
   * Whether it says that something may be wrong: such messages are told to the node's {@link
   * Reporter}, the others only counted.
   *
   * @return false if this happens whenever processes end, or take back an alias
   */
  public boolean isTold() {
    return this != NODE_CLOSED && this != UNREAD && this != INACTIVE_ALIAS;
  }

  /**
   * What happened, for humans.
   *
   * @return a part of a sentence
   */
  public String describe() {
    return sentence;
  }
}
