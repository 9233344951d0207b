package io.coppice.supervisor;

/**
 * How many children a supervisor has (semantics SU74).
 *
 * @param specs specifications; 1 under {@code simple_one_for_one}, as many as children under a
 *     {@link DynamicSupervisor} (DS7)
 * @param active children that are alive now; of dynamic children those that were not seen to end
 * @param supervisors children of type supervisor, alive or not
 * @param workers children of type worker, alive or not
 */
public record ChildCounts(int specs, int active, int supervisors, int workers) {}
