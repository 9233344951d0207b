/** Programs to run, each with a test that breaks it. */
package io.coppice.examples;
