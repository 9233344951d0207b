package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.cell.StateWord.Leave;
import io.coppice.kernel.cell.StateWord.Notify;
import io.coppice.kernel.process.SpawnOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Interleavings of senders in which a signal could be left to nobody, made by hand. */
class SignalLeftBehindTest {

  private static final class Word extends StateWord {}

  @DisplayName("P16 a helper handles all signals that piled up while it held the token")
  @Test
  void helperHandlesAll() {
    Kernel kernel =
        new Kernel(
            new KernelConfig("test", 100, 16, 1_000_000, report -> {}), new SilentDispatcher());
    ProcessCell busy = new ProcessCell(kernel, 1, null, self -> {}, null, SpawnOptions.DEFAULT);
    busy.beginTurn();
    busy.releaseToken();
    assertTrue(busy.tryTakeTokenToHelp());
    for (int i = 0; i < 300; i++) { // more than a helper handles while it holds the token
      busy.deliverSignal(new Signal.Unlink(busy, new Signal.Link[0]));
    }
    assertTrue(busy.releaseTokenNotified(), "they were left to the holder");
    busy.act(Notify.HELP);
    assertEquals(0, busy.signalsPendingVolatile());
  }

  @DisplayName("P16 a sender whom the owner beat to the token leaves its signal to the owner")
  @Test
  void ownerTookTokenFirst() {
    Word word = new Word();
    word.beginTurn();
    word.releaseToken();
    word.addSignalsPending(1);
    assertEquals(Notify.HELP, word.notifySignal());
    assertTrue(word.takeToken(), "for an operation that does not look into the queue");
    assertFalse(word.tryTakeTokenToHelp());
    assertTrue(word.releaseToken(), "the owner is to look");
  }

  @DisplayName("P16 a message that held up a signal wakes a process that awaits an answer")
  @Test
  void messageHeldUpSignal() {
    Word word = new Word();
    word.beginTurn();
    word.releaseToken();
    word.addSignalsPending(1); // queued, but behind a message that is still on its way in
    word.clearNotified();
    assertEquals(Leave.LEFT, word.tryWait(StateWord.AWAITING));
    assertEquals(Notify.RESUME, word.notifyMessage(), "now the signal can be reached");
  }
}
