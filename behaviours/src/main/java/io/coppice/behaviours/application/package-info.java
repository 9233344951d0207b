/**
 * Applications: parts of a system that are started and stopped as one, in the order of what they
 * need, each with a tree of supervisors and settings of its own (semantics AP1–AP13).
 */
package io.coppice.behaviours.application;
