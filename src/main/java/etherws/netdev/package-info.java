/**
 * The port on a network device of this host through AF_PACKET: a physical or veth interface joins
 * the network without a Linux bridge. Its event loop owns its reading; anybody may write. Never
 * looks into IP beyond what segmentation needs.
 */
@NullMarked
package etherws.netdev;

import org.jspecify.annotations.NullMarked;
