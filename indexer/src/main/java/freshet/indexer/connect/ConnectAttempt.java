package freshet.indexer.connect;

import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One connect under way: what the socket factory needs to know, and what it found out. The driver's
 * thread and the watchdog use it at once.
 */
final class ConnectAttempt {
  private final Endpoint endpoint;
  private final Consumer<ConnectPhase> entered;
  private final Time time;
  private final Map<ConnectPhase, Duration> ended = new EnumMap<>(ConnectPhase.class);
  private ConnectPhase phase = ConnectPhase.RESOLVE;
  private long phaseStart;
  private List<InetAddress> addresses = List.of();
  private @Nullable Deadline tcp;
  private @Nullable SSLContext verifying;
  private boolean isHostVerified;
  private List<X509Certificate> certificates = List.of();
  private @Nullable Socket socket;
  private boolean isExpired;

  ConnectAttempt(Endpoint endpoint, Consumer<ConnectPhase> entered, Time time) {
    this.endpoint = endpoint;
    this.entered = entered;
    this.time = time;
    this.phaseStart = time.nanoTime();
  }

  /** What is known before the driver is called. */
  synchronized void prepare(
      List<InetAddress> resolved,
      Deadline tcpDeadline,
      @Nullable SSLContext context,
      boolean verifyHost) {
    addresses = List.copyOf(resolved);
    tcp = tcpDeadline;
    verifying = context;
    isHostVerified = verifyHost;
  }

  /** Ends the current phase. */
  synchronized void enter(ConnectPhase next) {
    long now = time.nanoTime();
    ended.merge(phase, Duration.ofNanos(now - phaseStart), Duration::plus);
    phase = next;
    phaseStart = now;
    entered.accept(next);
  }

  /** The greeting's first byte: from here on the server is a partner. */
  synchronized void heardFirstByte() {
    if (phase == ConnectPhase.GREETING) {
      enter(ConnectPhase.AUTHENTICATION);
    }
  }

  /** Notes the socket in use; refused once the deadline has passed, since nobody would close it. */
  synchronized void use(Socket opened) throws IOException {
    if (isExpired) {
      opened.close();
      throw new IOException("the connect's deadline has passed");
    }
    socket = opened;
  }

  /** The deadline: closes the socket, whoever is reading it. */
  synchronized void expire() {
    isExpired = true;
    closeSocket();
  }

  /** Closes the socket of an attempt that failed. */
  synchronized void closeSocket() {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // Closing is all that was wanted; the descriptor is gone in either case.
        return;
      }
    }
  }

  synchronized ConnectPhase phase() {
    return phase;
  }

  synchronized ConnectTimings timings() {
    Map<ConnectPhase, Duration> all = new EnumMap<>(ConnectPhase.class);
    all.putAll(ended);
    all.merge(phase, Duration.ofNanos(time.nanoTime() - phaseStart), Duration::plus);
    return new ConnectTimings(all);
  }

  synchronized List<InetAddress> addresses() {
    return addresses;
  }

  /**
   * The share of one address in what is left for TCP to connect: one that does not answer leaves
   * time for the next. At least a millisecond, since 0 means for ever.
   */
  synchronized int tcpMillisLeft(int addressesLeft) {
    return tcp == null ? 1 : (int) Math.max(1, tcp.remaining().toMillis() / addressesLeft);
  }

  synchronized @Nullable SSLContext verifying() {
    return verifying;
  }

  synchronized boolean isHostVerified() {
    return isHostVerified;
  }

  /** What the server showed, and what was verified. */
  synchronized void verified(List<X509Certificate> shown) {
    certificates = List.copyOf(shown);
  }

  synchronized List<X509Certificate> certificates() {
    return certificates;
  }

  Endpoint endpoint() {
    return endpoint;
  }
}
