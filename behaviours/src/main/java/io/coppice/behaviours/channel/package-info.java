/**
 * Ways for processes to hand data to each other beside their mailboxes: {@link
 * io.coppice.behaviours.channel.Channel}, through which data flows from stage to stage, and {@link
 * io.coppice.behaviours.channel.OneShot}, which carries one value. Who waits at either is woken
 * past its mailbox, whatever waits there, and can be killed as in any wait of the kernel.
 */
package io.coppice.behaviours.channel;
