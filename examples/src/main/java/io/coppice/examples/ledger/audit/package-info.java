/**
 * The audit: compares what clients were told with what the database holds. It has its own
 * connection and its own SQL, and shares no code with those who wrote.
 */
package io.coppice.examples.ledger.audit;
