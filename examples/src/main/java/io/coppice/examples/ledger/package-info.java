/**
 * A payments ledger that keeps its promises while its processes are being killed: the main example.
 *
 * <p>Read {@link io.coppice.examples.ledger.LedgerTree} first: the tree says what there is. Then
 * {@code Account}, {@code Writer} and {@code Api}.
 */
package io.coppice.examples.ledger;
