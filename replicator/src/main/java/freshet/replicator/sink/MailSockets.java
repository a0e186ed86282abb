package freshet.replicator.sink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes the sockets of one attempt to mail, and closes them, which ends whatever waits for them.
 * Thread-safe.
 */
final class MailSockets extends SSLSocketFactory implements AutoCloseable {
  private final SSLSocketFactory tls;
  private final boolean isImplicit;
  private final List<Socket> made = new ArrayList<>();
  private boolean isClosed;

  /**
   * A factory.
   *
   * @param tls makes TLS of plain sockets
   * @param isImplicit whether sockets speak TLS from the first byte
   */
  MailSockets(SSLSocketFactory tls, boolean isImplicit) {
    this.tls = tls;
    this.isImplicit = isImplicit;
  }

  @Override
  public Socket createSocket() throws IOException {
    return noted(isImplicit ? tls.createSocket() : new Socket());
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return tls.createSocket(plain, host, port, autoClose);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return noted(isImplicit ? tls.createSocket(host, port) : new Socket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket(host.getHostAddress(), port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    made.forEach(MailSockets::closeQuietly);
  }

  private synchronized Socket noted(Socket socket) throws IOException {
    made.add(socket);
    if (isClosed) {
      closeQuietly(socket);
      throw new IOException("the time for this mail is over");
    }
    return socket;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is given up either way.
    }
  }
}
