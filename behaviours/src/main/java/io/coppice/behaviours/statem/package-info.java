/**
 * GenStatem: a process that is a state machine. What a message leads to depends on the state it is
 * in; messages that do not suit the state wait until it changes, and states have times of their
 * own.
 */
package io.coppice.behaviours.statem;
