/** Process groups: processes that are reached together, by the name of what they have in common. */
package io.coppice.behaviours.pg;
