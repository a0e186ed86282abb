package freshet.indexer.connect;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The driver's socket factory: connects to addresses that were resolved beforehand, tells a {@link
 * ConnectAttempt} of each phase, and verifies the server's certificate against PEM files, which the
 * driver can't read. Public for the driver, which makes it by reflection.
 */
public final class PhasedSocketFactory extends StandardSocketFactory {
  /** The connection property that holds the attempt's name. */
  static final String ATTEMPT = "freshetAttempt";

  /**
   * The driver passes strings only, so attempts are handed over here by name, from just before the
   * driver is called until it returns.
   */
  private static final Map<String, ConnectAttempt> ATTEMPTS = new ConcurrentHashMap<>();

  private @Nullable ConnectAttempt attempt;

  /** For the driver. */
  public PhasedSocketFactory() {}

  static void handOver(String name, ConnectAttempt attempt) {
    ATTEMPTS.put(name, attempt);
  }

  static void takeBack(String name) {
    ATTEMPTS.remove(name);
  }

  @Override
  // The driver's signature; a socket is what it expects.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends Closeable> T connect(
      String hostname, int portNumber, PropertySet properties, int loginTimeout)
      throws IOException {
    String name = properties.getStringProperty(ATTEMPT).getValue();
    ConnectAttempt of = Objects.requireNonNull(ATTEMPTS.get(name), "the connect's attempt");
    attempt = of;
    of.enter(ConnectPhase.TCP);
    host = of.endpoint().host();
    port = of.endpoint().port();
    IOException failure = new ConnectException("no address is known for " + host);
    int left = of.addresses().size();
    for (InetAddress address : of.addresses()) {
      Socket socket = new FirstByteSocket(of);
      try {
        of.use(socket);
        configureSocket(socket, properties);
        socket.connect(new InetSocketAddress(address, port), of.tcpMillisLeft(left--));
        rawSocket = socket;
        of.enter(ConnectPhase.GREETING);
        return (T) socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends Closeable> T performTlsHandshake(
      SocketConnection connection, ServerSession session, Log log) throws IOException {
    ConnectAttempt of = Objects.requireNonNull(attempt, "connect comes first");
    of.enter(ConnectPhase.TLS);
    SSLContext verifying = of.verifying();
    if (verifying == null) {
      T socket = super.performTlsHandshake(connection, session, log);
      of.enter(ConnectPhase.AUTHENTICATION);
      return socket;
    }
    SSLSocket socket =
        (SSLSocket) verifying.getSocketFactory().createSocket(rawSocket, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    if (of.isHostVerified()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    sslSocket = socket;
    of.verified(
        Arrays.stream(socket.getSession().getPeerCertificates())
            .filter(X509Certificate.class::isInstance)
            .map(X509Certificate.class::cast)
            .toList());
    of.enter(ConnectPhase.AUTHENTICATION);
    return (T) socket;
  }

  @Override
  public void afterHandshake() throws IOException {
    super.afterHandshake();
    Objects.requireNonNull(attempt, "connect comes first").enter(ConnectPhase.SESSION);
  }

  /** Tells of the first byte that the server sends. */
  private static final class FirstByteSocket extends Socket {
    private final ConnectAttempt attempt;
    private @Nullable InputStream in;

    FirstByteSocket(ConnectAttempt attempt) {
      this.attempt = attempt;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
      if (in == null) {
        in = new FirstByteStream(super.getInputStream(), attempt);
      }
      return in;
    }
  }

  private static final class FirstByteStream extends FilterInputStream {
    private final ConnectAttempt attempt;
    private boolean isHeard;

    FirstByteStream(InputStream in, ConnectAttempt attempt) {
      super(in);
      this.attempt = attempt;
    }

    @Override
    public int read() throws IOException {
      return heard(in.read(), 0);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return heard(in.read(buffer, offset, length), 1);
    }

    private int heard(int result, int atLeast) {
      if (!isHeard && result >= atLeast) {
        isHeard = true;
        attempt.heardFirstByte();
      }
      return result;
    }
  }
}
