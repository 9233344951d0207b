package io.coppice.kernel.mailbox;

import org.agrona.UnsafeApi;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * Agrona's many-to-one ring as a {@link MessageQueue}.
 *
 * <p>It extends the ring instead of holding one: that saves an object per mailbox and a dependent
 * load per message, and {@link #closeIfEmpty} needs the ring's tail.
 */
@SuppressWarnings("removal") // Agrona marks its door to the JDK's Unsafe so; there is no other
public final class AgronaQueue extends ManyToOneConcurrentArrayQueue<Object>
    implements MessageQueue {

  /** Creates a ring with room for {@code capacity} messages, rounded up to a power of two. */
  public AgronaQueue(int capacity) {
    super(capacity);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Claims every slot of the empty ring at once and fills none, so that producers find it full.
   * The CAS competes with the one by which a producer claims its slot, hence no offer is lost: it
   * either made the ring non-empty before, or finds it full afterwards. A producer's cached head is
   * never ahead of the true head, which no longer moves.
   */
  @Override
  public boolean closeIfEmpty() {
    long emptyAt = head;
    return UnsafeApi.compareAndSetLong(this, TAIL_OFFSET, emptyAt, emptyAt + capacity);
  }
}
