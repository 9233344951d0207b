/**
 * The one class that touches internals of the JDK, so that the flags it needs are needed in one
 * place.
 */
package io.coppice.kernel.jdk;
