package freshet.replicator.http;

import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running HTTP/1.1 server. Its own threads only accept and parse; handlers run on virtual
 * threads, bounded by {@link HttpOptions}. Every answer has the headers {@code Freshet-Time}, this
 * host's clock when the answer began, and {@code Freshet-Version}. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  /**
   * What lies in the kernel's buffers can't be slowed down any more: left to itself it takes
   * megabytes for each connection. Enough for 3 MB/s over a round trip of 80 ms.
   */
  private static final int SEND_BUFFER_BYTES = 128 << 10;

  private final Server server;
  private final ServerConnector connector;
  private final ExecutorService handlers;
  private final boolean isSecure;

  private HttpServer(
      Server server, ServerConnector connector, ExecutorService handlers, boolean isSecure) {
    this.server = server;
    this.connector = connector;
    this.handlers = handlers;
    this.isSecure = isSecure;
  }

  /**
   * Starts a server with these routes, of which the first that matches answers.
   *
   * @param security of all routes; tokens are not asked for by open ones
   * @param version of this build
   * @throws IOException if the address can't be bound; names it
   */
  public static HttpServer start(
      HttpOptions options, HttpSecurity security, List<Route> routes, Time time, String version)
      throws IOException {
    QueuedThreadPool pool = new QueuedThreadPool(options.threads(), Math.min(4, options.threads()));
    pool.setName("http");
    pool.setDaemon(true);
    pool.setReservedThreads(0);
    Server server = new Server(pool);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, protocols(security.tls(), configuration));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    connector.setIdleTimeout(options.idleTimeout().toMillis());
    // Kept-alive connections on which nothing happens would hold up every stop for its whole time.
    connector.setShutdownIdleTimeout(options.stopTimeout().toMillis() / 10);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(options.maxConnections(), server));
    SlowHeads heads = new SlowHeads(options.idleTimeout(), time);
    connector.addBean(heads);
    Answering answering = new Answering(time, version, options.slowest());
    ExecutorService handlers = Workers.virtual("http-request");
    server.setErrorHandler(new JsonErrors(answering));
    server.setHandler(
        new GracefulHandler(
            new RoutingHandler(routes, answering, handlers, options, heads, security.tokens())));
    server.setStopTimeout(options.stopTimeout().toMillis());
    HttpServer started = new HttpServer(server, connector, handlers, security.tls() != null);
    try {
      server.start();
      heads.watch(connector.getScheduler());
    } catch (Exception e) {
      started.close();
      throw new IOException(
          "could not serve HTTP on %s:%d: %s; is the port taken, or the address another host's? Another one is set as server.listen"
              .formatted(options.host(), options.port(), e.getMessage()),
          e);
    }
    LOG.info(
        "serving HTTP on {}{}",
        started.uri(),
        security.tokens() == null ? "" : ", to those who show a token");
    if (security.tokens() != null && security.tls() == null && !started.isLocal()) {
      LOG.warn(
          "tokens come in over plain HTTP, readable by whoever sees the network between: set server.tls, unless something before this server does TLS");
    }
    return started;
  }

  private boolean isLocal() {
    return connector.getTransport() instanceof ServerSocketChannel channel
        && channel.socket().getInetAddress().isLoopbackAddress();
  }

  private static ConnectionFactory[] protocols(
      @Nullable SSLContext tls, HttpConfiguration configuration) {
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    if (tls == null) {
      return new ConnectionFactory[] {http};
    }
    // Whether the name is the right one is for the client to check: some come by an address.
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setSslContext(tls);
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return new ConnectionFactory[] {
      new SslConnectionFactory(context, HttpVersion.HTTP_1_1.asString()), http
    };
  }

  /** The port that it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Where it answers, ending in '/'; a server bound to all addresses gives the loopback one. */
  public URI uri() {
    String address = reachable(connector.getHost());
    return URI.create((isSecure ? "https://" : "http://") + address + ":" + port() + "/");
  }

  private static String reachable(@Nullable String host) {
    return switch (host) {
      case null -> "127.0.0.1";
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "[::1]";
      default -> host.contains(":") ? "[" + host + "]" : host;
    };
  }

  /** Stops accepting, lets requests at work finish for the configured time, then cuts them. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      // Graceful stops that run out of time end here too; the connections are cut then.
      LOG.warn("requests were still at work when the HTTP server stopped: {}", e.toString());
    }
    handlers.shutdown();
  }

  /** What the server itself refuses, such as a request that is no HTTP, as JSON like the rest. */
  private static final class JsonErrors extends ErrorHandler {
    private final Answering answering;

    JsonErrors(Answering answering) {
      this.answering = answering;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      int status = response.getStatus();
      Object message = request.getAttribute(ERROR_MESSAGE);
      String error = message == null ? "status " + status : message.toString();
      answering.sendAtOnce(
          HttpAnswer.error(status, error, "send a valid HTTP/1.1 request"), response, callback);
      return true;
    }
  }
}
