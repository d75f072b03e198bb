package etherws.tunnel;

import etherws.metrics.Refusal;
import etherws.metrics.RefusalCounters;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the PROXY header, version 1 or 2, from the beginning of a trusted proxy's connection,
 * before TLS. Without one there is no connection.
 */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
  private static final Logger log = LoggerFactory.getLogger(ProxyHeader.class);

  /** Of version 2, what may follow the addresses; version 1 has 107 octets in all. */
  private static final int MAX_TLV_OCTETS = 2048;

  private final Caller caller;
  private final RefusalCounters refusals;
  private boolean refused;

  private ProxyHeader(Caller caller, RefusalCounters refusals) {
    this.caller = caller;
    this.refusals = refusals;
  }

  /** To a pipeline that is still empty. */
  static void addTo(ChannelPipeline pipeline, Caller caller, RefusalCounters refusals) {
    pipeline.addLast(new HAProxyMessageDecoder(MAX_TLV_OCTETS), new ProxyHeader(caller, refusals));
  }

  /**
   * A proxy that speaks for itself (LOCAL), or for a client without an IP address, is the caller.
   */
  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) {
    if (header.command() == HAProxyCommand.PROXY) {
      switch (header.proxiedProtocol()) {
        case TCP4, TCP6 -> caller.is(source(header));
        case UNKNOWN, UDP4, UDP6, UNIX_STREAM, UNIX_DGRAM -> {}
      }
    }
    ctx.pipeline().remove(this);
  }

  private static InetSocketAddress source(HAProxyMessage header) {
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(header.sourceAddress());
    if (octets == null) {
      throw new DecoderException("no source address"); // the decoder has made sure of one
    }
    return new InetSocketAddress(Subnet.address(octets), header.sourcePort());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
    String what = Fault.describe(problem, log);
    if (problem instanceof DecoderException && !refused) {
      refused = true;
      refusals.count(Refusal.PROXY_HEADER);
      log.info("{}: refused, no good PROXY header ({}); --proxy-protocol wants one", caller, what);
    }
    ctx.close();
  }
}
