/**
 * Tasks: computations in processes of their own, alone and under a supervisor (semantics 12.5).
 */
package io.coppice.behaviours.task;
