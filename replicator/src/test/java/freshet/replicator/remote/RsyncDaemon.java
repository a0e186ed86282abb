package freshet.replicator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;

/** A real rsync daemon on loopback that serves a folder as the module {@code freshet}. */
public final class RsyncDaemon implements AutoCloseable {
  private final Process process;
  private final int port;

  private RsyncDaemon(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the test, with a line that says so, where rsync is not installed. */
  public static void requireRsync() {
    boolean isThere =
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "rsync")));
    assumeTrue(isThere, "skipped: no rsync in the PATH (apt install rsync)");
  }

  /**
   * Starts one.
   *
   * @param work folder for its own files
   * @param secret of the user {@code slave}; empty for everybody
   */
  public static RsyncDaemon start(Path root, Path work, String secret) throws Exception {
    Files.createDirectories(work);
    int port = freePort();
    String auth = "";
    if (!secret.isEmpty()) {
      Path secrets = Files.writeString(work.resolve("secrets"), "slave:" + secret + "\n");
      Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
      auth = "auth users = slave\nsecrets file = " + secrets + "\n";
    }
    boolean isRoot = System.getProperty("user.name").equals("root");
    Path config =
        Files.writeString(
            work.resolve("rsyncd.conf"),
            "use chroot = no\npid file = %s\nlog file = %s\n%s[freshet]\npath = %s\nread only = yes\n%s"
                .formatted(
                    work.resolve("pid"),
                    work.resolve("log"),
                    isRoot ? "uid = root\ngid = root\n" : "",
                    root,
                    auth));
    Process process =
        new ProcessBuilder(
                "rsync",
                "--daemon",
                "--no-detach",
                "--address=127.0.0.1",
                "--port=" + port,
                "--config=" + config)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("out").toFile())
            .start();
    RsyncDaemon daemon = new RsyncDaemon(process, port);
    daemon.awaitListening();
    return daemon;
  }

  public String url() {
    return "rsync://127.0.0.1:" + port + "/freshet";
  }

  int port() {
    return port;
  }

  /** With the name of the one user. */
  public String urlOfSlave() {
    return "rsync://slave@127.0.0.1:" + port + "/freshet";
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    // Nothing is written any more where the test's folder is removed.
    process.destroyForcibly().onExit().join();
  }

  private void awaitListening() throws IOException {
    Time time = new SystemTime();
    long start = time.nanoTime();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        assertThat(process.isAlive()).isTrue();
        assertThat(time.since(start)).isLessThan(Duration.ofSeconds(60));
        Thread.onSpinWait();
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
