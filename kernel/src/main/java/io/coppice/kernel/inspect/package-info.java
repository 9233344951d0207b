/** Looking at a whole node. Not exported. */
package io.coppice.kernel.inspect;
