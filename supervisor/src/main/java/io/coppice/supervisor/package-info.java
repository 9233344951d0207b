/**
 * Supervisors: they start their children, in order, and start them again when they fail.
 *
 * <p>Begin with {@link io.coppice.supervisor.Supervisor} and {@link
 * io.coppice.supervisor.ChildSpec}; for children that come and go by the thousands, with {@link
 * io.coppice.supervisor.DynamicSupervisor}. What a supervisor decides is a function of its own that
 * knows neither clock nor process; a thin process around it performs the decisions.
 */
package io.coppice.supervisor;
