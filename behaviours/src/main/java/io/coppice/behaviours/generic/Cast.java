package io.coppice.behaviours.generic;

import io.coppice.kernel.process.Envelope;

/**
 * A request that wants no answer, as it travels: the envelope tells it from a message that was
 * merely sent, which goes to {@code handleInfo}.
 *
 * @param message what the client sent
 */
public record Cast(Object message) implements Envelope {}
