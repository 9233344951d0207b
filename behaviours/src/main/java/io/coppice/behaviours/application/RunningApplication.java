package io.coppice.behaviours.application;

import io.coppice.kernel.process.Pid;
import org.jspecify.annotations.Nullable;

/**
 * An application that runs (semantics AP13).
 *
 * @param name its name
 * @param description what it is
 * @param version its version
 * @param type what its end would mean
 * @param top its top supervisor, or null of a library, which has no processes
 */
public record RunningApplication(
    String name, String description, String version, StartType type, @Nullable Pid top) {}
