package io.coppice.behaviours;

import io.coppice.kernel.process.Pid;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status of a behaviour (semantics SY8).
 *
 * @param pid the process
 * @param name its registered name, or null
 * @param module the class of its callbacks
 * @param suspended whether it handles system messages only
 * @param hibernating whether it has gone to rest until its next message
 * @param parent the process whose exit is its order to stop, or null (G2)
 * @param dictionary its process dictionary
 * @param debugging what watches it, in words: {@code log}, {@code statistics}, {@code trace}, and
 *     so on
 * @param state its state, as {@code formatStatus} shows it
 * @param log the events of {@link Sys#log}, oldest first, as {@code formatStatus} shows them
 */
public record SysStatus(
    Pid pid,
    @Nullable String name,
    String module,
    boolean suspended,
    boolean hibernating,
    @Nullable Pid parent,
    Map<Object, Object> dictionary,
    List<String> debugging,
    @Nullable Object state,
    List<? extends @Nullable Object> log) {}
