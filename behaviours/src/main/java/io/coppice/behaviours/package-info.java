/** Behaviours: the general half of a process, to which a callback object adds the special half. */
package io.coppice.behaviours;
