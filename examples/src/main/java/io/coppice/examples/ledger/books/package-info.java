/**
 * The books: what the ledger keeps in its SQL database, and every statement that changes or reads
 * it. Nothing in here knows of processes.
 */
package io.coppice.examples.ledger.books;
