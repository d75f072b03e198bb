/**
 * Frames that pass a port, copied for people to look at: what to copy ({@code FrameFilter}), where
 * copies wait ({@code Capture}), how they are written (pcapng or text). Frames are copied on the
 * threads they pass on, and written on the reader's. Never holds up a frame.
 */
@NullMarked
package etherws.capture;

import org.jspecify.annotations.NullMarked;
