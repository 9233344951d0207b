/**
 * An event bus: an event manager whose handlers fail alone and are put back, each by a keeper of
 * its own, and groups of processes that get the events of a topic.
 */
package io.coppice.examples.bus;
