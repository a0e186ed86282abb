package freshet.indexer.benchmark.replicate;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * A network link on loopback that several servers share: what they send leaves in the order in
 * which it came, at so many bytes a second, after a buffer of so many bytes, and arrives after a
 * delay. A greeting of some bytes waits behind whatever is in the buffer.
 */
final class SharedLink implements AutoCloseable {
  private static final int PACKET = 4_096;
  private static final int BACKLOG = 500;

  /** The timer of a busy host is late by milliseconds: so much is made up for. */
  private static final long LATE_NANOS = 20_000_000;

  private final LinkedBlockingQueue<Packet> queue = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Packet> flying = new LinkedBlockingQueue<>();
  private final List<ServerSocket> listeners = new ArrayList<>();
  private final Semaphore buffer;
  private final LongAdder bytes = new LongAdder();
  private final long bytesPerSecond;
  private final Duration delay;
  private final Time time;
  private volatile boolean isClosed;

  /** What a connection is to receive, and when at the earliest. */
  private record Packet(Socket to, ByteBuffer bytes, long dueNanos) {}

  /**
   * A link.
   *
   * @param bytesPerSecond that it carries from the servers
   * @param bufferBytes that wait in it before a sender notices
   * @param delay of what has left it
   */
  SharedLink(long bytesPerSecond, int bufferBytes, Duration delay, Time time) {
    this.bytesPerSecond = bytesPerSecond;
    this.buffer = new Semaphore(bufferBytes);
    this.delay = delay;
    this.time = time;
    Thread.ofPlatform().daemon().name("link-leave").start(this::leave);
    Thread.ofPlatform().daemon().name("link-arrive").start(this::arrive);
  }

  /** One that only counts. */
  static SharedLink unlimited(Time time) {
    return new SharedLink(Long.MAX_VALUE / 1_000_000_000L, 1 << 30, Duration.ZERO, time);
  }

  /** What has entered it so far, both ways, headers and all. */
  long bytes() {
    return bytes.sum();
  }

  /** A port by which a server is reached over the link. */
  int portTo(int server) throws IOException {
    ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
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
  private void ask(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      byte[] read = new byte[PACKET];
      for (int n = in.read(read); n >= 0; n = in.read(read)) {
        bytes.add(n);
        to.getOutputStream().write(read, 0, n);
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
      byte[] read = new byte[PACKET];
      for (int n = in.read(read); n >= 0; n = in.read(read)) {
        bytes.add(n);
        buffer.acquire(n);
        queue.add(new Packet(to, ByteBuffer.wrap(Arrays.copyOf(read, n)), 0));
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
        free = Math.max(free, now - LATE_NANOS);
        free += packet.bytes().limit() * 1_000_000_000L / bytesPerSecond;
        if (free > now) {
          time.sleep(Duration.ofNanos(free - now));
        }
        buffer.release(packet.bytes().limit());
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
      packet.to().getOutputStream().write(packet.bytes().array());
    } catch (IOException e) {
      // That client has gone; the others go on.
      return;
    }
  }
}
