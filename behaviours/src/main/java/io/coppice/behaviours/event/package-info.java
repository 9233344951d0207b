/** GenEvent: a process that hands events to handlers, which come and go while it runs. */
package io.coppice.behaviours.event;
