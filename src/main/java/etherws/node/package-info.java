/**
 * The composition root: builds, starts, reloads, drains and stops the program's parts, and is a
 * good Unix process.
 */
@NullMarked
package etherws.node;

import org.jspecify.annotations.NullMarked;
