package freshet.replicator.serve;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * A network link on loopback that several servers share: what they send leaves in the order in
 * which it came, at so many bytes a second, after a buffer of so many bytes, and arrives after a
 * delay. A greeting of some bytes waits behind whatever is in the buffer.
 */
final class SharedLink implements AutoCloseable {
  private static final int PACKET = 4_096;

  private final Time time = new SystemTime();
  private final LinkedBlockingQueue<Packet> queue = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Packet> flying = new LinkedBlockingQueue<>();
  private final List<ServerSocket> listeners = new ArrayList<>();
  private final Semaphore buffer;
  private final long bytesPerSecond;
  private final Duration delay;
  private volatile boolean isClosed;

  /** What a connection is to receive, and when at the earliest. */
  private record Packet(Socket to, byte[] bytes, long dueNanos) {}

  SharedLink(long bytesPerSecond, int bufferBytes, Duration delay) {
    this.bytesPerSecond = bytesPerSecond;
    this.buffer = new Semaphore(bufferBytes);
    this.delay = delay;
    Thread.ofPlatform().daemon().start(this::leave);
    Thread.ofPlatform().daemon().start(this::arrive);
  }

  /** A port by which a server is reached over the link. */
  int portTo(int server) throws IOException {
    ServerSocket listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    listeners.add(listener);
    Thread.ofVirtual().start(() -> accept(listener, server));
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    for (ServerSocket listener : listeners) {
      listener.close();
    }
  }

  private void accept(ServerSocket listener, int port) {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        Thread.ofVirtual().start(() -> ask(client, server));
        Thread.ofVirtual().start(() -> answer(server, client));
      }
    } catch (IOException e) {
      return;
    }
  }

  /** Requests are small: they pass. Both ends go when the client does. */
  private static void ask(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      byte[] bytes = new byte[PACKET];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        to.getOutputStream().write(bytes, 0, n);
      }
    } catch (IOException e) {
      return;
    }
  }

  private void answer(Socket from, Socket to) {
    try {
      // Little is on its way before the link's own buffer: that is what clogs.
      from.setReceiveBufferSize(PACKET * 4);
      InputStream in = from.getInputStream();
      byte[] bytes = new byte[PACKET];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        buffer.acquire(n);
        queue.add(new Packet(to, java.util.Arrays.copyOf(bytes, n), 0));
      }
    } catch (IOException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void leave() {
    long free = time.nanoTime();
    try {
      while (!isClosed) {
        Packet packet = queue.take();
        long now = time.nanoTime();
        // The timer of a busy host is late by milliseconds: so much is made up for.
        free = Math.max(free, now - 20_000_000L);
        free += packet.bytes().length * 1_000_000_000L / bytesPerSecond;
        if (free > now) {
          time.sleep(Duration.ofNanos(free - now));
        }
        buffer.release(packet.bytes().length);
        flying.add(new Packet(packet.to(), packet.bytes(), time.nanoTime() + delay.toNanos()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void arrive() {
    try {
      while (!isClosed) {
        Packet packet = flying.take();
        long left = packet.dueNanos() - time.nanoTime();
        if (left > 0) {
          time.sleep(Duration.ofNanos(left));
        }
        deliver(packet);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void deliver(Packet packet) {
    try {
      packet.to().getOutputStream().write(packet.bytes());
    } catch (IOException e) {
      // That client has gone; the others go on.
      return;
    }
  }
}
