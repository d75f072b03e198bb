package etherws.tunnel;

import etherws.frame.EthernetFrame;

/**
 * Turns frames into messages and hands those to the channel. Owned by the link's event loop;
 * writes, but never flushes.
 */
interface Encoder {
  /** Puts the frame into the message at hand, or messages of its own. */
  void append(EthernetFrame frame);

  /** Writes what has been put together. */
  void finish();

  /** Frees what has not been written. */
  void release();
}
