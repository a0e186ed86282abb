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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback that spoils a connection at a {@link Point}: everything up to there
 * passes, then the fault sets in. It can be switched while connections are open. With no server
 * behind it, it is a peer that the fault is all of.
 */
public final class FaultyProxy implements AutoCloseable {
  private static final Duration TRICKLE_GAP = Duration.ofSeconds(1);
  private static final Duration DELAY = Duration.ofMillis(40);
  private static final int SLOW_CHUNK = 1_024;

  /** What happens to a connection. */
  public enum Fault {
    NONE,
    /** Not a byte more comes. */
    STALL,
    /** One byte a second. */
    TRICKLE,
    /** The connection ends. */
    CUT,
    /** The connection ends by RST. */
    RESET,
    /** Whatever comes is 40 ms late. */
    DELAY,
    /** 25 KB a second. */
    SLOW
  }

  /** Who sends what is spoilt. */
  public enum Sender {
    SERVER,
    CLIENT
  }

  /**
   * Where a fault sets in.
   *
   * @param sender whose bytes are spoilt
   * @param since counting begins when the client sends this text, with what it sends or is answered
   *     then; with its first byte if empty, with the connection if null
   * @param afterBytes so many pass
   */
  public record Point(Sender sender, @Nullable String since, long afterBytes) {
    /** Nothing of the greeting passes. */
    public static final Point GREETING = new Point(Sender.SERVER, null, 0);

    /** The greeting has passed; what follows is TLS or authentication. */
    public static final Point LOGIN = new Point(Sender.SERVER, "", 0);

    /** The driver's own first statement is not answered. */
    public static final Point FIRST_QUERY = answerTo("/* mysql-connector-j", 0);

    /** So many bytes of the answer to a request with this text pass. */
    public static Point answerTo(String request, long afterBytes) {
      return new Point(Sender.SERVER, request, afterBytes);
    }
  }

  private record Plan(Fault fault, Point point, CountDownLatch setsIn) {}

  private final Time time = new SystemTime();
  private final ServerSocket listener;
  private volatile int serverPort;
  private volatile @Nullable InetAddress source;
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private final AtomicInteger faultsLeft = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile Plan plan = plan(Fault.NONE, Point.GREETING);

  /** A proxy before a server; port 0 for none. */
  public FaultyProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private static Plan plan(Fault fault, Point point) {
    return new Plan(fault, point, new CountDownLatch(1));
  }

  /** The next so many connections meet a fault once the server has sent so many bytes. */
  public void spoil(Fault with, long afterBytes, int connections) {
    spoil(with, new Point(Sender.SERVER, null, afterBytes), connections);
  }

  /** The next so many connections meet a fault at this point. */
  public synchronized void spoil(Fault with, Point at, int connections) {
    plan = plan(with, at);
    faultsLeft.set(connections);
  }

  /** All open connections meet the fault, counted from here on, and none of the next ones. */
  public void spoilOpen(Fault with, Sender sender) {
    spoilOpen(with, sender, 0);
  }

  /** All connections meet the fault: the open ones, counted from here on, and all that follow. */
  public void spoilAll(Fault with, Sender sender) {
    spoilOpen(with, sender, Integer.MAX_VALUE);
  }

  private synchronized void spoilOpen(Fault with, Sender sender, int andNext) {
    plan = plan(with, new Point(sender, null, 0));
    faultsLeft.set(andNext);
    links.forEach(link -> link.follow(plan));
  }

  /** All open connections end by RST; what the next ones meet stays as it is. */
  public synchronized void resetOpen() {
    links.forEach(link -> quietly(link::reset));
  }

  /** The next connections reach another server under the same address. */
  public void redirect(int otherPort) {
    serverPort = otherPort;
  }

  /** The next connections reach the server from this address of this host. */
  public void comeFrom(InetAddress address) {
    source = address;
  }

  /** Everything passes again; what was stalled goes on. */
  public void heal() {
    spoilOpen(Fault.NONE, Sender.SERVER);
  }

  /** Waits until a connection has met the fault. */
  public void awaitFault() throws InterruptedException {
    plan.setsIn().await();
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
        accepted.incrementAndGet();
        Link link = link(client);
        Thread.ofVirtual().start(() -> quietly(link::run));
      }
    } catch (IOException e) {
      return;
    }
  }

  /** It is an open one or one that follows, whatever is spoilt just now. */
  private synchronized Link link(Socket client) {
    boolean isSpoilt = faultsLeft.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    Link link = new Link(client, isSpoilt ? plan : plan(Fault.NONE, Point.GREETING));
    links.add(link);
    return link;
  }

  /** One connection through the proxy. */
  private final class Link {
    private final Socket client;
    private final Socket server = new Socket();
    private Plan its;
    private boolean isCounting;
    private long counted;
    private String sent = "";

    Link(Socket client, Plan plan) {
      this.client = client;
      this.its = plan;
      this.isCounting = plan.point().since() == null;
    }

    void run() throws IOException, InterruptedException {
      if (serverPort == 0) {
        // What a server's greeting begins with.
        byte[] greeting = new byte[256];
        greeting[0] = 100;
        greeting[4] = 10;
        pass(Sender.SERVER, greeting, greeting.length, client.getOutputStream());
        return;
      }
      if (source != null) {
        server.bind(new InetSocketAddress(source, 0));
      }
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
      Thread.ofVirtual().start(() -> quietly(() -> pump(Sender.CLIENT, client, server)));
      pump(Sender.SERVER, server, client);
    }

    private void pump(Sender sender, Socket from, Socket to)
        throws IOException, InterruptedException {
      // However the one side ends, by RST too, the other one hears of it.
      try (to) {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[4_096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (sender == Sender.CLIENT) {
            heard(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
          }
          pass(sender, buffer, n, to.getOutputStream());
        }
      }
    }

    private void pass(Sender sender, byte[] bytes, int length, OutputStream out)
        throws IOException, InterruptedException {
      int at = 0;
      while (at < length) {
        Plan current = plan();
        int sound = sound(current, sender, length - at);
        out.write(bytes, at, sound);
        at += sound;
        if (at < length) {
          current.setsIn().countDown();
          at += spoil(current, bytes, at, length - at, out);
        }
      }
    }

    /** Passes on what the fault lets through, and tells how many bytes. */
    private int spoil(Plan current, byte[] bytes, int at, int left, OutputStream out)
        throws IOException, InterruptedException {
      switch (current.fault()) {
        case STALL -> {
          awaitAnotherThan(current);
          return 0;
        }
        case TRICKLE -> {
          out.write(bytes, at, 1);
          time.sleep(TRICKLE_GAP);
          return 1;
        }
        case DELAY -> {
          time.sleep(DELAY);
          out.write(bytes, at, left);
          return left;
        }
        case SLOW -> {
          int some = Math.min(left, SLOW_CHUNK);
          out.write(bytes, at, some);
          time.sleep(DELAY);
          return some;
        }
        case RESET -> client.setSoLinger(true, 0);
        case NONE, CUT -> {}
      }
      close();
      return left;
    }

    private synchronized int sound(Plan current, Sender sender, int length) {
      Point point = current.point();
      if (current.fault() == Fault.NONE || sender != point.sender() || !isCounting) {
        return length;
      }
      int sound = (int) Math.min(length, Math.max(0, point.afterBytes() - counted));
      counted += length;
      return sound;
    }

    private synchronized void heard(String request) {
      String since = its.point().since();
      // A request may come in two pieces.
      sent = sent.substring(Math.max(0, sent.length() - 100)) + request;
      if (since != null && sent.contains(since)) {
        isCounting = true;
      }
    }

    private synchronized Plan plan() {
      return its;
    }

    synchronized void follow(Plan other) {
      its = other;
      isCounting = other.point().since() == null;
      counted = 0;
      notifyAll();
    }

    private synchronized void awaitAnotherThan(Plan current)
        throws IOException, InterruptedException {
      while (its == current && !client.isClosed()) {
        wait();
      }
      if (client.isClosed()) {
        throw new IOException("the test has ended the connection");
      }
    }

    synchronized void reset() throws IOException {
      client.setSoLinger(true, 0);
      close();
    }

    synchronized void close() throws IOException {
      client.close();
      server.close();
      notifyAll();
    }
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
    for (Link link : links) {
      link.close();
    }
  }
}
