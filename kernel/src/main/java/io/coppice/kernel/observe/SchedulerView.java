package io.coppice.kernel.observe;

import io.coppice.kernel.process.Pid;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler thread as it looked a moment ago.
 *
 * @param name the name of the thread
 * @param running the process it runs, or null
 * @param lasted how long it has been running that with the same message, or null for less than a
 *     time slice
 * @param queued what is ready in its own queue
 * @param parked whether it sleeps
 */
public record SchedulerView(
    String name, @Nullable Pid running, @Nullable Duration lasted, int queued, boolean parked) {}
