/** What people see of processes: their texts. Not exported. */
package io.coppice.kernel.observe;
