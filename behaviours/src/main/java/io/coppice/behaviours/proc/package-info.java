/**
 * Processes with a loop of their own that take part in what behaviours have: a start that waits
 * until they are ready, and system messages (OTP's {@code proc_lib}, and its special processes).
 */
package io.coppice.behaviours.proc;
