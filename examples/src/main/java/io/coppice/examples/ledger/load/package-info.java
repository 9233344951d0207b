/**
 * The load: clients outside of the node, on threads and sockets of their own, that know nothing of
 * the ledger but its port.
 */
package io.coppice.examples.ledger.load;
