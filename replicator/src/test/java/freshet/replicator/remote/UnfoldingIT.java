package freshet.replicator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import com.sun.net.httpserver.HttpServer;
import freshet.replicator.files.Digest;
import freshet.replicator.runtime.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compressed bodies that no honest server sends. */
class UnfoldingIT {
  private static final long HUGE = 2L << 30;
  private HttpServer server;
  private RemoteRepository remote;
  private byte[] body = new byte[0];
  private String encoding = "zstd";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Encoding", encoding);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    remote =
        RemoteRepository.open(
            "http://127.0.0.1:" + server.getAddress().getPort(),
            RemoteOptions.defaults(),
            new SystemTime());
  }

  @AfterEach
  void stop() {
    remote.close();
    server.stop(0);
  }

  @Test
  void aBombIsUnfoldedNoFurtherThanIsWanted() throws Exception {
    body = zeros(HUGE, 0);
    assertThat(body).hasSizeLessThan(300_000);
    assertThatThrownBy(() -> remote.small("f", 1000))
        .isInstanceOf(RemoteException.Unexpected.class)
        .hasMessageContaining("longer than 1000 bytes");
    try (RemoteBody file = remote.open("f", 0, Digest.ofText("any"))) {
      assertThat(file.stream().readNBytes(5000)).hasSize(5000);
    }
  }

  @Test
  void oneThatUnfoldsToNothingIsNotReadForEver() throws Exception {
    body = skippable(8_000);
    assertThatThrownBy(() -> remote.small("f", 1000))
        .isInstanceOf(RemoteException.Unexpected.class)
        .hasMessageContaining("unfold to nothing");
    try (RemoteBody file = remote.open("f", 0, Digest.ofText("any"))) {
      assertThatThrownBy(() -> file.stream().read()).isInstanceOf(RemoteException.Unexpected.class);
    }
  }

  @Test
  void aFrameThatIsToBeSkippedIsNoFault() throws Exception {
    body = concat(skippable(1), zeros(100_000, 0));
    assertThat(remote.small("f", 1 << 20)).hasSizeBetween(100_000, 1 << 20);
  }

  @Test
  void oneThatNeedsMuchMemoryIsRefused() throws Exception {
    body = zeros(1 << 20, 27);
    assertThatThrownBy(() -> remote.small("f", 1000))
        .isInstanceOf(RemoteException.Lost.class)
        .hasMessageContaining("the compressed body is damaged");
  }

  @Test
  void oneThatIsCutOrNoneIsLost() throws Exception {
    byte[] whole = zeros(100_000, 0);
    body = Arrays.copyOf(whole, whole.length - 3);
    assertThatThrownBy(() -> remote.small("f", 1 << 20)).isInstanceOf(RemoteException.Lost.class);
    body = "plain text".getBytes();
    assertThatThrownBy(() -> remote.small("f", 1 << 20)).isInstanceOf(RemoteException.Lost.class);
    encoding = "br";
    assertThatThrownBy(() -> remote.small("f", 1 << 20))
        .isInstanceOf(RemoteException.Unexpected.class)
        .hasMessageContaining("comes in the encoding 'br'");
  }

  /** Frames that a reader is to skip (RFC 8878, 3.1.2), of a kilobyte each. */
  private static byte[] skippable(int frames) {
    int length = 1 << 10;
    ByteBuffer bytes = ByteBuffer.allocate(frames * (8 + length)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < frames; i++) {
      bytes.putInt(0x184D2A50).putInt(length).put(new byte[length]);
    }
    return bytes.array();
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static byte[] zeros(long length, int windowLog) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = zstd(bytes, windowLog)) {
      byte[] some = new byte[1 << 20];
      for (long left = length; left > 0; left -= some.length) {
        out.write(some, 0, (int) Math.min(left, some.length));
      }
    }
    return bytes.toByteArray();
  }

  private static OutputStream zstd(OutputStream out, int windowLog) throws IOException {
    ZstdOutputStream zstd = new ZstdOutputStream(out, 3);
    return windowLog == 0 ? zstd : zstd.setLong(windowLog);
  }
}
