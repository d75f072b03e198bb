/**
 * Ethernet frames as bytes: addresses, header fields, tags. Pure functions and views on buffers
 * that somebody else owns; no state, no threads, nothing of IP beyond what segmentation needs.
 */
@NullMarked
package etherws.frame;

import org.jspecify.annotations.NullMarked;
