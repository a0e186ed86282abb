package freshet.indexer.connect;

import freshet.indexer.embedded.FreePorts;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Debian's haproxy before a database server, and later before another one, under one address. */
public final class HaProxy implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Time TIME = new SystemTime();

  private final Path configuration;
  private final int port;
  private Process process;

  /** Starts it before the server on this port, with its configuration in this folder. */
  public HaProxy(Path folder, int serverPort) throws Exception {
    this.configuration = folder.resolve("haproxy.cfg");
    this.port = FreePorts.find();
    this.process = start(serverPort);
  }

  /** Whether this machine has it; if not: apt-get install haproxy. */
  public static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return new Endpoint("127.0.0.1", port);
  }

  /** Cuts all connections; from now on the server on this port answers. */
  public void pointTo(int serverPort) throws Exception {
    close();
    process = start(serverPort);
  }

  private Process start(int serverPort) throws Exception {
    Files.writeString(
        configuration,
        """
        defaults
          mode tcp
          timeout connect 2s
          timeout client 60s
          timeout server 60s
        listen database
          bind 127.0.0.1:%d
          server database 127.0.0.1:%d
        """
            .formatted(port, serverPort));
    Process started =
        new ProcessBuilder(PROGRAM.toString(), "-db", "-f", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(configuration.resolveSibling("haproxy.log").toFile())
            .start();
    long since = TIME.nanoTime();
    while (!isListening()) {
      if (!started.isAlive() || TIME.since(since).compareTo(PATIENCE) > 0) {
        started.destroyForcibly();
        throw new IOException("haproxy does not listen on port " + port);
      }
      TIME.sleep(Duration.ofMillis(20));
    }
    return started;
  }

  private boolean isListening() {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("haproxy does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
