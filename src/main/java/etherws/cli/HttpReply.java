package etherws.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/** An answer of HTTP/1.1, whose connection ends with it. */
final class HttpReply implements AutoCloseable {
  private static final int MAX_LINE = 8192;

  private final SocketChannel channel;
  private final int status;
  private final InputStream body;

  private HttpReply(SocketChannel channel, int status, InputStream body) {
    this.channel = channel;
    this.status = status;
    this.body = body;
  }

  /** Waits for the head. */
  static HttpReply read(SocketChannel channel) throws IOException {
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
    String[] words = line(in).split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("\\d{3}")) {
      throw new IOException("not an answer of HTTP");
    }
    boolean chunked = false;
    for (String field = line(in); !field.isEmpty(); field = line(in)) {
      chunked |= field.toLowerCase(Locale.ROOT).matches("transfer-encoding:\\s*chunked\\s*");
    }
    return new HttpReply(channel, Integer.parseInt(words[1]), chunked ? new Chunks(in) : in);
  }

  int status() {
    return status;
  }

  InputStream body() {
    return body;
  }

  /** Tells the node that it has said enough: the rest of the body is what there is to end with. */
  void finish() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.size() > MAX_LINE) {
        throw new EOFException("the answer breaks off");
      }
      line.write(c);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /** A chunked body (RFC 9112 section 7.1). */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean ended;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
      if (left == 0 && !next()) {
        return -1;
      }
      int read = in.read(octets, offset, (int) Math.min(length, left));
      if (read < 0) {
        throw new EOFException("the answer breaks off");
      }
      left -= read;
      return read;
    }

    private boolean next() throws IOException {
      if (!ended) {
        if (!first) {
          line(in); // behind the last chunk
        }
        first = false;
        left = Long.parseLong(line(in), 16);
        ended = left == 0;
      }
      return !ended;
    }
  }
}
