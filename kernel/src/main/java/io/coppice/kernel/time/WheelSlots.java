package io.coppice.kernel.time;

import org.jspecify.annotations.Nullable;

/**
 * The levels of a wheel and nothing else: where a timer belongs, and which slot is next. Not
 * thread-safe; the essay and the lock are in {@link TimerWheel}.
 */
final class WheelSlots {
  static final int LEVELS = 8;
  private static final int LEVEL_SHIFT = 6;
  private static final int WIDTH = 1 << LEVEL_SHIFT;

  private final Slot[] slots = new Slot[LEVELS * WIDTH];

  /** One bit for each slot that is not empty, one word for each level. */
  private final long[] occupied = new long[LEVELS];

  /** One bit for each level that is not empty. */
  private int occupiedLevels;

  /** The tick up to which slots were entered. */
  private long cursorTick;

  WheelSlots() {
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot(i >>> LEVEL_SHIFT, i & (WIDTH - 1));
    }
  }

  long cursorTick() {
    return cursorTick;
  }

  /** Moves the cursor over slots that are all empty. */
  void skipTo(long tick) {
    assert tick >= cursorTick;
    cursorTick = tick;
  }

  /**
   * Adds a timer that is in no list to the slot of {@code tick}, which is not before the cursor.
   */
  void add(TimerNode node, long tick) {
    Slot slot = slotOf(tick);
    if (slot.append(node)) {
      occupied[slot.level] |= 1L << slot.index;
      occupiedLevels |= 1 << slot.level;
    }
  }

  /** Takes a timer out of the list it is in. */
  void remove(TimerNode node) {
    TimerLink neighbour = node.next;
    node.unlink();
    if (neighbour instanceof Slot slot && slot.isEmpty() && slot.level != Slot.NO_LEVEL) {
      markEmpty(slot);
    }
  }

  /**
   * The slot that comes first, or null if all are empty. A level holds only what its parent's
   * current slot covers, so the lowest occupied level comes before the others; and only slots that
   * are not behind the cursor, so the lowest bit is the first.
   */
  @Nullable Slot first() {
    if (occupiedLevels == 0) {
      return null;
    }
    int level = Integer.numberOfTrailingZeros(occupiedLevels);
    return slot(level, Long.numberOfTrailingZeros(occupied[level]));
  }

  /** The first tick that a slot covers in this turn of its level. */
  long startTick(Slot slot) {
    int shift = slot.level * LEVEL_SHIFT;
    long turn = cursorTick >>> (shift + LEVEL_SHIFT) << (shift + LEVEL_SHIFT);
    return turn | ((long) slot.index << shift);
  }

  /** Moves the cursor to the start of {@code slot}, the first, and its timers to {@code target}. */
  void enter(Slot slot, Slot target) {
    assert slot == first();
    cursorTick = Math.max(cursorTick, startTick(slot));
    target.takeAll(slot);
    markEmpty(slot);
  }

  /** Where a timer of {@code tick} belongs: the level is that of the highest differing bit. */
  private Slot slotOf(long tick) {
    long differing = cursorTick ^ tick;
    int level = differing == 0 ? 0 : (63 - Long.numberOfLeadingZeros(differing)) / LEVEL_SHIFT;
    return slot(level, (int) (tick >>> (level * LEVEL_SHIFT)) & (WIDTH - 1));
  }

  private Slot slot(int level, int index) {
    return slots[level << LEVEL_SHIFT | index];
  }

  private void markEmpty(Slot slot) {
    long rest = occupied[slot.level] & ~(1L << slot.index);
    occupied[slot.level] = rest;
    if (rest == 0) {
      occupiedLevels &= ~(1 << slot.level);
    }
  }

  /**
   * Throws an AssertionError naming what is wrong; {@code advancing} relaxes what an advance may.
   */
  void checkInvariants(TimerWheel wheel, long floor, long nextWhen, boolean advancing) {
    check(cursorTick == TimerWheel.tickOf(floor) || advancing, "cursor", cursorTick, floor);
    for (int level = 0; level < LEVELS; level++) {
      boolean levelMarked = (occupiedLevels >>> level & 1) != 0;
      check(levelMarked == (occupied[level] != 0), "bit of level", level, occupiedLevels);
      for (int index = 0; index < WIDTH; index++) {
        Slot slot = slot(level, index);
        boolean marked = (occupied[level] >>> index & 1) != 0;
        check(marked != slot.isEmpty(), "bit of slot", level, index);
        checkSlot(slot, wheel, floor, nextWhen);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // a link is an identity
  private void checkSlot(Slot slot, TimerWheel wheel, long floor, long nextWhen) {
    TimerLink previous = slot;
    for (TimerLink link = slot.next; link instanceof TimerNode node; link = link.next) {
      long when = node.when();
      check(link.prev == previous, "backward link", slot.level, slot.index);
      check(node.stateIn(wheel) == TimerNode.ARMED, "state of a linked timer", when, floor);
      check(
          slot == home(when, cursorTick) || slot == home(when, TimerWheel.tickOf(floor)),
          "slot",
          when,
          cursorTick);
      check(slot.earliest <= when, "earliest of the slot", slot.earliest, when);
      check(nextWhen <= Math.max(when, floor), "next deadline", nextWhen, when);
      previous = link;
    }
    check(slot.prev == previous, "last link", slot.level, slot.index);
  }

  private Slot home(long when, long leastTick) {
    return slotOf(Math.max(TimerWheel.tickOf(when), leastTick));
  }

  private static void check(boolean holds, String what, long a, long b) {
    if (!holds) {
      throw new AssertionError("The timer wheel is broken: " + what + " (" + a + ", " + b + ")");
    }
  }
}
