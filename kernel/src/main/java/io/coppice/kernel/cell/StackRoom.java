package io.coppice.kernel.cell;

/**
 * Makes an operation that would run out of stack do so before it has changed anything: a token that
 * could not be given back would keep the process from being told to die.
 *
 * <p>It goes as deep as any operation does with the token, and comes back. That costs some tens of
 * nanoseconds, so sends and receives do without: a token they leave behind is put right by {@link
 * StateWord#takeToken} and {@link StateWord#dropToken}; but a send whose stack ends just between
 * making its receiver ready and queueing it leaves that receiver out of all queues.
 */
final class StackRoom {
  private static final int FRAMES = 64;

  private StackRoom() {}

  static void require() {
    int _ = down(FRAMES);
  }

  private static int down(int frames) {
    return frames == 0 ? 0 : 1 + down(frames - 1);
  }
}
