/** The half that all behaviours share, written once. Not exported. */
package io.coppice.behaviours.generic;
