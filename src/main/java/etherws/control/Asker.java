package etherws.control;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;

/** Who is at the other end of a connection, for the log. */
final class Asker {
  private Asker() {}

  static String of(Channel channel) {
    if (channel instanceof EpollDomainSocketChannel socket) {
      try {
        PeerCredentials peer = socket.peerCredentials();
        return "uid " + peer.uid() + ", pid " + peer.pid();
      } catch (IOException e) {
        return "somebody who has gone";
      }
    }
    return String.valueOf(channel.remoteAddress());
  }
}
