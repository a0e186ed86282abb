package freshet.indexer.connect;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy on loopback that spoils what the server sends: everything up to a number of bytes
 * passes, then the fault sets in. With no server behind it, it is a peer that the fault is all of.
 */
public final class FaultyProxy implements AutoCloseable {
  /** What happens to a connection. */
  public enum Fault {
    NONE,
    /** Not a byte more comes. */
    STALL,
    /** One byte every 100 ms. */
    TRICKLE,
    /** The connection ends. */
    CUT,
    /** The connection ends by RST. */
    RESET
  }

  private final Time time = new SystemTime();
  private final ServerSocket listener;
  private final int serverPort;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger faultsLeft = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile Fault fault = Fault.NONE;
  private volatile long passing;
  private volatile CountDownLatch setsIn = new CountDownLatch(1);

  /** A proxy before a server; port 0 for none. */
  public FaultyProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** The next so many connections meet a fault once so many bytes have passed. */
  public void spoil(Fault with, long afterBytes, int connections) {
    setsIn = new CountDownLatch(1);
    passing = afterBytes;
    fault = with;
    faultsLeft.set(connections);
  }

  /** Waits until a connection has met the fault. */
  public void awaitFault() throws InterruptedException {
    setsIn.await();
  }

  /** Where to connect. */
  public Endpoint endpoint() {
    return new Endpoint("127.0.0.1", listener.getLocalPort());
  }

  /** Connections so far. */
  public int accepted() {
    return accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        accepted.incrementAndGet();
        boolean isSpoilt = faultsLeft.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
        Fault its = isSpoilt ? fault : Fault.NONE;
        if (serverPort == 0) {
          Thread.ofVirtual().start(() -> quietly(() -> speak(client, its)));
          continue;
        }
        Socket server = new Socket();
        sockets.add(server);
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
        Thread.ofVirtual()
            .start(
                () -> quietly(() -> client.getInputStream().transferTo(server.getOutputStream())));
        Thread.ofVirtual().start(() -> quietly(() -> forward(server, client, its)));
      }
    } catch (IOException e) {
      return;
    }
  }

  /** What a server's greeting begins with, as slowly as the fault wants. */
  private void speak(Socket client, Fault its) throws IOException, InterruptedException {
    byte[] greeting = new byte[256];
    greeting[0] = 100;
    greeting[4] = 10;
    spoil(client, its, greeting, 0, greeting.length);
  }

  private void forward(Socket server, Socket client, Fault its)
      throws IOException, InterruptedException {
    InputStream in = server.getInputStream();
    byte[] buffer = new byte[4_096];
    long passed = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      int sound = its == Fault.NONE ? n : (int) Math.min(n, Math.max(0, passing - passed));
      client.getOutputStream().write(buffer, 0, sound);
      passed += n;
      if (sound < n && !spoil(client, its, buffer, sound, n - sound)) {
        return;
      }
    }
    client.close();
  }

  private boolean spoil(Socket client, Fault its, byte[] bytes, int from, int length)
      throws IOException, InterruptedException {
    OutputStream out = client.getOutputStream();
    if (its != Fault.NONE) {
      setsIn.countDown();
    }
    switch (its) {
      case NONE -> out.write(bytes, from, length);
      case STALL -> {
        return false;
      }
      case TRICKLE -> {
        for (int i = 0; i < length; i++) {
          out.write(bytes, from + i, 1);
          time.sleep(Duration.ofMillis(100));
        }
      }
      case CUT -> client.close();
      case RESET -> {
        client.setSoLinger(true, 0);
        client.close();
      }
    }
    return its == Fault.TRICKLE;
  }

  private interface Body {
    void run() throws IOException, InterruptedException;
  }

  private static void quietly(Body body) {
    try {
      body.run();
    } catch (IOException | InterruptedException e) {
      // The test has ended the connection.
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
