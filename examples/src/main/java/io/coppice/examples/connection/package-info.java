/**
 * A connection that comes back: a state machine keeps a TCP connection to a server that is stopped
 * and started. Whoever asks while there is none waits for the next one.
 */
package io.coppice.examples.connection;
