/**
 * Behaviours: the general half of a process, to which a callback object adds the special half. This
 * package holds what they share: calls and their answers, addresses, and the system side of them
 * all.
 */
package io.coppice.behaviours;
