/**
 * A small HTTP/1.1 server in which each connection is a process that reads and writes its socket in
 * plain blocking code.
 */
package io.coppice.examples.ledger.http;
