/** The front door: a node, from start to close. */
package io.coppice.kernel;
