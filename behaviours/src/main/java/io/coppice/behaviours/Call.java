package io.coppice.behaviours;

import org.jspecify.annotations.Nullable;

/**
 * A request that wants an answer, and the type of that answer (semantics G20).
 *
 * <p>Written on the record that is the request: {@code record Add(int amount) implements Message,
 * Call<Message, Integer>}. The compiler then knows what {@code server.call(new Add(2))} returns,
 * and refuses to send it to a server that speaks another protocol.
 *
 * @param <M> the protocol of the server; the request must implement it too
 * @param <R> what the server answers
 */
public interface Call<M, R extends @Nullable Object> {}
