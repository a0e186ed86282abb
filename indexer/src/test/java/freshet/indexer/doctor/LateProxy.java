package freshet.indexer.doctor;

import freshet.indexer.connect.Endpoint;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP proxy that accepts at once and reaches the server later, as a server without threads. */
final class LateProxy implements AutoCloseable {
  private final Time time = new SystemTime();
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final int port;
  private final Duration delay;

  LateProxy(int port, Duration delay) throws IOException {
    this.port = port;
    this.delay = delay;
    Thread.ofVirtual().start(this::accept);
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", listener.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> join(client));
      }
    } catch (IOException e) {
      return;
    }
  }

  private void join(Socket client) {
    try (client;
        Socket server = new Socket()) {
      sockets.add(server);
      time.sleep(delay);
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      Thread up = Thread.ofVirtual().start(() -> copy(client, server));
      copy(server, client);
      up.join();
    } catch (IOException | InterruptedException e) {
      // The test has ended the connection.
      return;
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
