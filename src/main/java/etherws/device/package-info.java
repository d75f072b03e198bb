/**
 * What the ports on network devices of the kernel share: frames behind vnet headers go in and out
 * of an open file, and a loop or a thread watches it. A reader belongs to whoever watches its file;
 * writes may come from any thread. Knows no kind of device.
 */
@NullMarked
package etherws.device;

import org.jspecify.annotations.NullMarked;
