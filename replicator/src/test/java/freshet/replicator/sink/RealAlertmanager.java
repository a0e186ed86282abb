package freshet.replicator.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Debian's prometheus-alertmanager on loopback; a test that wants it is skipped without it. */
final class RealAlertmanager implements AutoCloseable {
  private final Process process;
  private final URI uri;

  private RealAlertmanager(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  static RealAlertmanager start(Path folder) throws Exception {
    Path program =
        Stream.of("/usr/bin/prometheus-alertmanager", "/usr/local/bin/alertmanager")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    Assumptions.assumeTrue(
        program != null,
        "no Alertmanager here; get it with: apt-get install -y prometheus-alertmanager");
    Path config = folder.resolve("alertmanager.yml");
    Files.writeString(config, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
    int port = freePort();
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + config,
                "--storage.path=" + folder.resolve("alertmanager"),
                "--cluster.listen-address=",
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .start();
    RealAlertmanager started =
        new RealAlertmanager(process, URI.create("http://127.0.0.1:" + port));
    try {
      started.awaitListening();
      return started;
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  URI uri() {
    return uri;
  }

  /** What it holds and has not resolved. */
  JsonNode alerts() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(uri + "/api/v2/alerts")).build(),
              HttpResponse.BodyHandlers.ofString());
      return new ObjectMapper().readTree(answer.body());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** It says so itself, which needs no asking again and again. */
  private void awaitListening() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.contains("Listening on")) {
        return;
      }
    }
    throw new IOException("it ended: " + said);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
