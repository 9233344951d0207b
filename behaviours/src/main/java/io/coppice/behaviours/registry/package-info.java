/** Registry: processes that are found by keys of any type, and locks by the same keys. */
package io.coppice.behaviours.registry;
