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
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that no client sends, by method, headers, body or form: each gets an answer that says
 * whose fault it is, which is never the server's, and no byte that was not asked for by its name.
 */
@Timeout(120)
class HostileRequestsIT {
  private static final int REQUESTS = 3_000;
  private static final long SEED = Long.getLong("freshet.hostile.seed", 11);

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "X\0Y");
  private static final List<String> RANGES =
      List.of(
          "bytes=0-",
          "bytes=-1",
          "bytes=-0",
          "bytes=--1",
          "bytes=-1-5",
          "bytes=5-2",
          "bytes=999999999999999999-",
          "bytes=99999999999999999999999-",
          "bytes=0-99999999999999999999999",
          "bytes=0-0,1-1,2-2",
          "bytes=" + "0-0,".repeat(1_000) + "0-0",
          "bytes=",
          "bytes",
          "lines=1-2",
          "bytes=a-b",
          "bytes=1-2\u00e9");
  private static final List<String> HEADERS =
      List.of(
          "If-None-Match: \"",
          "If-None-Match: *",
          "If-Range: \"x\"",
          "Accept-Encoding: zstd",
          "Accept-Encoding: " + "zstd,".repeat(500),
          "Content-Length: -1",
          "Content-Length: 99999999999999999999",
          "Content-Length: 5\r\nContent-Length: 6",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: evil",
          "Expect: 100-continue",
          "Expect: anything",
          "Host: a\r\nHost: b",
          "Authorization: Bearer ",
          "X: " + "y".repeat(20_000),
          " folded",
          "no colon");
  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "[]",
          "null",
          "{\"merges\":{\"a\":1}}",
          "{\"merges\":[[[1]]]}",
          "[".repeat(10_000),
          "{\"x\":" + "9".repeat(5_000) + "}",
          "{\"x\":1e999999999}",
          "\0\1\2",
          "{\"x\":\"" + "z".repeat(70_000) + "\"}");

  @TempDir Path folder;
  private final Random random = new Random(SEED);

  @Test
  void nothingIsAFaultOfTheServer() throws Exception {
    HandmadeMaster master = new HandmadeMaster(folder.resolve("master"));
    master.publish(5, "a");
    List<String> paths = new ArrayList<>(master.files("a"));
    byte[] largest = Files.readAllBytes(master.root().resolve(paths.getFirst()));
    paths.addAll(
        List.of(
            RepositoryLayout.LATEST + "?wait=-1s",
            RepositoryLayout.LATEST + "?wait=PT99999999999999H",
            RepositoryLayout.LATEST + "?wait=%zz",
            "slaves",
            "slaves/a",
            "slaves/%00",
            "slaves/..%2f..%2fx",
            "slaves/a/merges",
            "slaves/" + "n".repeat(3_000),
            "transfers",
            "SUBSET",
            "../../../etc/passwd",
            "control/lock",
            "\0",
            "cities/a/%2e%2e/LATEST"));
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
      for (int i = 0; i < REQUESTS; i++) {
        String request = request(one(paths));
        String answer = answer(http.port(), request);
        // 501 and 505 are for methods and versions that nobody speaks; nothing, for no request.
        assertThat(answer)
            .as("request %d of seed %d: %.300s", i, SEED, request)
            .matches("(?s)(HTTP/1.1 ([1-4][0-9][0-9]|501|505).*)?")
            .doesNotContain("root:x:0");
      }
      String last =
          answer(
              http.port(),
              "GET /" + paths.getFirst() + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(last).startsWith("HTTP/1.1 200");
      assertThat(last).endsWith(new String(largest, StandardCharsets.ISO_8859_1));
    }
  }

  private String request(String path) {
    StringBuilder request = new StringBuilder(one(METHODS)).append(" /").append(path);
    request.append(random.nextInt(20) == 0 ? " HTTP/9.9" : " HTTP/1.1").append("\r\n");
    request.append("Host: a\r\nConnection: close\r\n");
    if (random.nextBoolean()) {
      request.append("Range: ").append(one(RANGES)).append("\r\n");
    }
    if (random.nextBoolean()) {
      request.append(one(HEADERS)).append("\r\n");
    }
    String body = one(BODIES);
    if (!body.isEmpty()) {
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return request.append("\r\n").append(body).toString();
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** What is answered until the server closes; a server that closed first has answered before. */
  private static String answer(int port, String request) throws IOException {
    StringBuilder answer = new StringBuilder();
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      try {
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
        }
      } catch (SocketException e) {
        return answer.toString();
      }
    }
    return answer.toString();
  }
}
