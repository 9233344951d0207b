/**
 * Counts what is in a large log file: a pool of readers gives the text of its chunks, tasks count
 * what is in them, and a server adds that up. A chunk that cannot be counted is reported, and left
 * out; all others are counted.
 */
package io.coppice.examples.logs;
