/**
 * The TAP device and its port. A device belongs to one event loop, which alone reads it; writes may
 * come from any thread.
 */
@NullMarked
package etherws.tap;

import org.jspecify.annotations.NullMarked;
