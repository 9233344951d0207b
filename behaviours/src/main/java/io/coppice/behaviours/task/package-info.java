/**
 * Tasks: computations in processes of their own, alone, under a supervisor, and as streams; waiting
 * for the end of processes; futures as messages (semantics 12.5).
 */
package io.coppice.behaviours.task;
