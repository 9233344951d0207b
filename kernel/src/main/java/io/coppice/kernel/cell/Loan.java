package io.coppice.kernel.cell;

/** Runs the handler of a process that never waits on the stack of its caller. */
final class Loan {
  /* What a call costs otherwise is not the message but the wait: the caller's stack is unmounted and mounted
   * again, twice each. A process that has declared that it never waits (SpawnOptions.neverBlocks) and rests
   * with nothing in its mailbox can be run by the caller itself.
   *
   * The claim is that of ArrivalCell.handOver. From then on the process is RUNNING as ever, on the GuestHost
   * of the caller's host, for one message. It never ends here, where there may be little stack left: whatever
   * the reason, its end is left to an ordinary turn (ProcessCell.handBack), and so is all that it finds
   * in its mailbox besides. Its caller then looks at the request as always, and waits if there is no answer.
   *
   * The caller may be killed meanwhile. An interrupt would hit the guest, so there is none; the RMW of
   * the guest's beginning, and the one of the caller's next look at its own signals, order that: either
   * who kills it sees that its thread is lent, or the caller sees that it is dying, and interrupts itself.
   *
   * What belongs to the stack and not to the process cannot be kept apart: locks that the caller holds, and
   * scoped values, so a caller that has bound some sends its request as ever. Without the JDK's internals
   * nobody can tell, and the guest sees them, as it sees thread locals.
   *
   * What it saves (2 cores, 1 scheduler, bench gen_server_call_blocking and ..._inline): 448 ns per call of a
   * GenServer with a time-out without, 169 with it.
   */
  private Loan() {}

  /** True if the request was handled, or will be; false if it is to be sent. */
  static boolean handles(ProcessCell by, ProcessCell target, CallRequest.ByProcess request) {
    if (by.kernel.isSimulated() || !target.isAtRest() || target.runsFree() || !by.mayPause()) {
      return false; // one that was seen to block would block its caller's scheduler, too
    }
    Host below = by.hostOf();
    by.aboutToLend(below);
    GuestHost guest = below.guest(); // not before: its thread may be interrupted while it gives way
    if (guest == null || by.isDying() || !StackRoom.isAmple()) {
      return false;
    }
    try {
      guest.borrow(by);
      if (!target.claimFor(request)) {
        return false;
      }
      by.setLentFor(request);
      guest.enter(target);
      target.runAsGuest(guest, by);
      return true;
    } finally {
      by.setLentFor(null);
      guest.giveBack();
    }
  }
}
