/**
 * One process inside: state word, inbound queue and signals, waits, turn, end; and what the
 * processes of a node share (names, table, counters). Declares the port it needs of a scheduler,
 * {@link io.coppice.kernel.cell.Dispatcher}, and knows none.
 *
 * <p>Read {@code StateWord} first, then {@code ArrivalCell}, {@code InboundCell}, {@code
 * WaitingCell}, {@code TurnCell} and {@code MortalCell}: one object, a file for each role.
 */
package io.coppice.kernel.cell;
