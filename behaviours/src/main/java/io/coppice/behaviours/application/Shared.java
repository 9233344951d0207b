package io.coppice.behaviours.application;

import io.coppice.kernel.process.Pid;
import java.util.Map;

/**
 * What every thread may read without asking the controller, who alone writes it.
 *
 * @param environments the settings
 * @param masters the names of the applications that have processes, by their masters; concurrent
 */
record Shared(Environments environments, Map<Pid, String> masters) {}
