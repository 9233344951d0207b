package io.coppice.bench.micro;

/** Who looks at a node while it works. */
public enum Look {
  /** Nobody. */
  NOBODY,
  /** The flight recorder is on and records nothing. */
  RECORDER_WITHOUT_EVENTS,
  /** The flight recorder records Coppice's events and no others. */
  RECORDER_WITH_EVENTS,
  /** A thread takes the data of the server every 10 ms. */
  INFO,
  /** A thread takes a dump of the node every 10 ms. */
  DUMP
}
