/** GenServer: a process that owns a state and serves requests for it, one at a time. */
package io.coppice.behaviours.server;
