/**
 * What operators and programs ask a running node: HTTP and JSON over a UNIX socket, metrics, frames
 * captured. Reads snapshots and sends commands through the interfaces it declares; {@code node}
 * implements them. Never touches a frame on its way.
 */
@NullMarked
package etherws.control;

import org.jspecify.annotations.NullMarked;
