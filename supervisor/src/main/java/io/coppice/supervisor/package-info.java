/** Supervisors: they start their children, in order, and start them again when they fail. */
package io.coppice.supervisor;
