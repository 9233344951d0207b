package io.coppice.behaviours.application;

import io.coppice.kernel.process.Pid;

/** Whom to tell of a change of settings: the runner of an application. */
record Told(String application, Pid runner, ConfigChange change) {}
