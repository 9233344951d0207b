/**
 * Many senders, one receiver: what waits for a process between being sent and being received. The
 * only package that knows which queue library is used, and that it may be missing ({@link
 * io.coppice.kernel.mailbox.Queues}).
 */
package io.coppice.kernel.mailbox;
