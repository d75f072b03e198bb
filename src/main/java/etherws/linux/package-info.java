/**
 * The Linux kernel by FFM: one method per libc call, constants beside the header they come from,
 * errno as a value. No policy.
 */
@NullMarked
package etherws.linux;

import org.jspecify.annotations.NullMarked;
