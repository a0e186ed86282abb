package freshet.replicator.serve;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.pull.HandmadeMaster;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is asked for: only what a manifest names is answered, and nothing of a path reaches the
 * file system. More of them with {@code -Dfreshet.hostile.paths=100000}.
 */
class HostilePathsIT {
  private static final int PATHS = Integer.getInteger("freshet.hostile.paths", 5_000);
  private static final long SEED = Long.getLong("freshet.hostile.seed", 11);
  private static final String MARK = "not to be served";
  private static final List<String> PIECES =
      List.of(
          "..",
          "%2e%2e",
          "%2E.",
          ".%2e",
          ".",
          "%2f",
          "/",
          "//",
          "\\",
          "%5c",
          "%00",
          "%0d%0a",
          ";",
          "..;",
          "%252e%252e",
          "%c0%ae",
          "%",
          "%zz",
          "~",
          "etc/passwd",
          "/etc/passwd",
          "control",
          "secret.txt",
          "C:",
          "?",
          "#",
          "*",
          "é",
          "LATEST",
          "Cities",
          "CITIES",
          "cities/a");

  @TempDir Path folder;
  private final Random random = new Random(SEED);

  @Test
  void onlyNamesOfManifestsAreAnswered() throws Exception {
    HandmadeMaster master = new HandmadeMaster(folder.resolve("master"));
    master.publish(5, "a");
    Files.writeString(folder.resolve("secret.txt"), MARK);
    Files.writeString(master.root().resolve("secret.txt"), MARK);
    Files.writeString(master.root().resolve("control/secret.txt"), MARK);
    List<String> named = new ArrayList<>(master.files("a"));
    Files.writeString(master.root().resolve(named.getFirst()).resolveSibling("secret.txt"), MARK);
    named.add(RepositoryLayout.snapshotName(master.current().generation()));
    try (SnapshotServer snapshots =
            SnapshotServer.start(
                new LocalRepository(new RepositoryLayout(master.root())),
                ServeOptions.DEFAULT,
                ServeLimits.DEFAULT,
                new SystemTime(),
                random);
        HttpServer http =
            HttpServer.start(
                HttpOptions.at("127.0.0.1", 0),
                HttpSecurity.NONE,
                snapshots.routes(),
                new SystemTime(),
                "test")) {
      for (String name : named) {
        assertThat(answer(http.port(), "/" + name)).startsWith("HTTP/1.1 200");
      }
      for (int i = 0; i < PATHS; i++) {
        String path = hostile(named.get(random.nextInt(named.size())));
        String answer = answer(http.port(), path);
        assertThat(answer)
            .as("path %d of seed %d: %s", i, SEED, path)
            .doesNotContain(MARK)
            .doesNotContain("root:x:0")
            .matches("(?s)HTTP/1.1 (400|404|405|414|431|200).*");
        if (answer.startsWith("HTTP/1.1 200")) {
          assertThat(path.replaceAll("[?#].*", "").substring(1))
              .as("path %d of seed %d: %s", i, SEED, path)
              .isIn(open(named));
        }
      }
      assertThat(answer(http.port(), "/LATEST")).startsWith("HTTP/1.1 200");
    }
  }

  private static List<String> open(List<String> named) {
    List<String> open = new ArrayList<>(named);
    open.addAll(List.of("LATEST", "slaves", "transfers"));
    return open;
  }

  private String hostile(String name) {
    return switch (random.nextInt(7)) {
      case 0 -> "/" + pieces();
      case 1 -> "/" + name + "/" + pieces();
      case 2 -> "/" + name.toUpperCase(Locale.ROOT);
      case 3 -> "/" + name.replaceFirst("/", "/" + piece() + "/");
      case 4 -> "/" + encoded(name);
      case 5 -> "/cities/" + "x".repeat(random.nextInt(20_000));
      default -> {
        int at = random.nextInt(name.length());
        yield "/" + name.substring(0, at) + pieces() + name.substring(at);
      }
    };
  }

  private String pieces() {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      path.append(piece()).append(random.nextBoolean() ? "/" : "");
    }
    return path.toString();
  }

  private String piece() {
    return PIECES.get(random.nextInt(PIECES.size()));
  }

  /** The same file by another spelling, of which there is none here. */
  private String encoded(String name) {
    int at = random.nextInt(name.length());
    return "%s%%%02x%s"
        .formatted(name.substring(0, at), (int) name.charAt(at), name.substring(at + 1));
  }

  /** By a plain socket, since a client would clean up the path. */
  private static String answer(int port, String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
