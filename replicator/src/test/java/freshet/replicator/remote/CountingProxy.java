package freshet.replicator.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP proxy on loopback that counts what passes: connections, every byte, HTTP requests. */
public final class CountingProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int port;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private volatile long most = Long.MAX_VALUE;

  public CountingProxy(int port) throws IOException {
    this.port = port;
    this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Connections so far. */
  long connections() {
    return connections.get();
  }

  /** Lets no more bytes pass than that, of both directions, and then cuts. */
  void cutAfter(long bytesOfAll) {
    most = bytesOfAll;
  }

  /** Bytes of both directions since the last call. */
  public long takeBytes() {
    return bytes.getAndSet(0);
  }

  /** HTTP requests since the last call. */
  public long takeRequests() {
    return requests.getAndSet(0);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        connections.incrementAndGet();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        Thread.ofVirtual().start(() -> pump(client, server, true));
        Thread.ofVirtual().start(() -> pump(server, client, false));
      }
    } catch (IOException e) {
      return;
    }
  }

  private void pump(Socket from, Socket to, boolean isRequest) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (bytes.addAndGet(n) > most) {
          return;
        }
        if (isRequest && new String(buffer, 0, n, StandardCharsets.US_ASCII).startsWith("GET ")) {
          requests.incrementAndGet();
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // Either side has ended the connection.
      return;
    }
  }
}
