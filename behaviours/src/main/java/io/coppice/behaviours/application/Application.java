package io.coppice.behaviours.application;

import io.coppice.kernel.process.Context;

/**
 * The callbacks of an application (semantics AP4–AP8, AP12): code that starts a top supervisor, and
 * what is to be done around its end. Most need {@link #start} only, and many not even that: {@link
 * ApplicationSpec#of(String, io.coppice.supervisor.Supervisor)} starts a supervisor that is
 * described already.
 *
 * {@snippet class="io.coppice.behaviours.application.Shop" region="shop"}
 *
 * <p>All callbacks of one life of the application run in one process of its own, one at a time, and
 * may block: nobody waits for them but who has asked for the start or the stop. An object is made
 * for each life. A callback must not start or stop its own application, which would wait for
 * itself.
 *
 * <p>There is no start type for a take-over or a failover: an application runs on one node.
 *
 * @param <S> what {@code start} leaves for {@code prepStop} and {@code stop}
 */
@FunctionalInterface
public interface Application<S> {
  /**
   * Starts the top supervisor. Every process that is spawned here, or below, belongs to the
   * application.
   *
   * @param self the operations of the process that runs the callbacks; it is linked with the top
   *     supervisor when this returns, if it is not already
   * @param environment the settings of the application
   * @return the top supervisor, or why there is none; null is a {@link
   *     ApplicationProblem.BadReturn}
   * @throws Exception if the application cannot be started; {@code StartFailed} of a supervisor
   *     stands for its own reason
   */
  Startup<? extends S> start(Context self, Environment environment) throws Exception;

  /**
   * Takes a step of the start (AP5). Called for each phase of the specification, in their order,
   * when {@code start} has returned; of an included application for the phases that it declares and
   * the application that includes it has, too.
   *
   * @param self the operations of the process that runs the callbacks
   * @param phase the step
   * @throws Exception if the start fails; the top supervisor is stopped then
   */
  default void startPhase(Context self, Phase phase) throws Exception {
    throw new UnsupportedOperationException(
        getClass().getName() + " has no startPhase, which was asked for " + phase);
  }

  /**
   * Called before the top supervisor is stopped, and also when it has ended by itself (AP7, AP8).
   *
   * @param self the operations of the process that runs the callbacks
   * @param state what {@code start} left
   * @return what {@code stop} gets
   * @throws Exception is reported; {@code stop} then gets the old state
   */
  default S prepStop(Context self, S state) throws Exception {
    return state;
  }

  /**
   * Clears away, when the top supervisor has ended (AP7, AP8).
   *
   * @param self the operations of the process that runs the callbacks
   * @param state what {@code prepStop} returned
   * @throws Exception is reported, and nothing else
   */
  default void stop(Context self, S state) throws Exception {}

  /**
   * Told that settings of the running application are others now (AP12): see {@link
   * Applications#changeConfiguration}.
   *
   * @param change what is different; never nothing
   * @throws Exception is told to whoever changed the configuration; the change stands
   */
  default void configChange(ConfigChange change) throws Exception {}
}
