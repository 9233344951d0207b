/**
 * Many senders, one receiver: what waits for a process between being sent and being received. The
 * only package that knows which queue library is used ({@link
 * io.coppice.kernel.mailbox.AgronaQueue}).
 */
package io.coppice.kernel.mailbox;
