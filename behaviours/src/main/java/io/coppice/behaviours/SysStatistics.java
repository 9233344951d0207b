package io.coppice.behaviours;

import java.time.Duration;

/**
 * What a behaviour has done since {@link Sys#statistics} was turned on (semantics SY10).
 *
 * @param running for how long it has been on, on the node's clock
 * @param messagesIn the messages it has taken, system messages not counted
 * @param messagesOut the answers it has given
 */
public record SysStatistics(Duration running, long messagesIn, long messagesOut) {}
