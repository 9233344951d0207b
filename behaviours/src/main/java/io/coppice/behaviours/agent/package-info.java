/** Agent: a process that keeps a state, and lets others read and change it by functions. */
package io.coppice.behaviours.agent;
