package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.app.MetricsLint;
import freshet.replicator.app.Promtool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The status page and the metrics of a real master and a real slave. */
@Timeout(300)
class StatusPageSystemIT {
  private static final Pattern TYPE = Pattern.compile("# TYPE (freshet_\\w+)");

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();
  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Nodes nodes;

  @AfterEach
  void end() throws Exception {
    if (nodes != null) {
      nodes.killAll();
    }
    client.close();
  }

  private String get(URI node, String path, String accept) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(node.resolve(path)).header("Accept", accept).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void bothRolesShowThemselvesAndTheirMetricsKeepTheConventions() throws Exception {
    nodes = new Nodes(folder);
    ListingMaster listings = new ListingMaster(database, folder);
    listings.createTables();
    listings.insert(1);
    listings.configure(ListingMaster.TITLE, "");
    URI master = nodes.startMaster(listings);
    nodes.startSlave("slave-1", "url: \"%s\"".formatted(master));
    URI slave = nodes.addressOf(folder.resolve("slave-1"));
    nodes.await(
        "the master knows a fresh slave",
        () -> get(master, "", "text/html").contains("Fresh: slowest slave "));
    nodes.await(
        "the slave is fresh", () -> get(slave, "", "text/html").contains("Fresh: this slave "));

    assertThat(get(master, "status", "text/html"))
        .contains("behind the database (slave-1)", "Handshakes with 127.0.0.1:")
        .contains("snapshots pin 1-0000000001");
    assertThat(get(master, "status", "*/*")).contains("\"role\"").doesNotContain("<html");
    assertThat(get(slave, "status", "*/*")).contains("\"replayedBytes\"");
    assertThat(firstEvent(master)).contains("\"headline\":\"", "\"fleet\":\"");
    assertThat(firstEvent(slave)).contains("\"headline\":\"");
    // One search, so that its series are there.
    get(slave, "search?q=&city=*", "*/*");
    assertMetrics(get(master, "metrics", "*/*"), "freshet_slave_age_seconds{share=\"1.0\"}");
    assertMetrics(get(slave, "metrics", "*/*"), "freshet_age_stage_seconds{stage=\"poll\"}");
  }

  private String firstEvent(URI node) throws Exception {
    HttpResponse<InputStream> events =
        client.send(
            HttpRequest.newBuilder(node.resolve("status/events")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
      return lines.readLine();
    }
  }

  private static void assertMetrics(String scrape, String one) throws Exception {
    assertThat(scrape).contains(one);
    assertThat(MetricsLint.problems(scrape)).isEmpty();
    Optional<Promtool> promtool = Promtool.find();
    if (promtool.isPresent()) {
      assertThat(promtool.get().checkMetrics(scrape)).isEmpty();
    }
    String documented = documented();
    Set<String> missing = new TreeSet<>();
    Matcher types = TYPE.matcher(scrape);
    while (types.find()) {
      String name = types.group(1).replaceFirst("_max$", "");
      if (!documented.contains("`" + name + "`") && !documented.contains("`" + name + "{")) {
        missing.add(name);
      }
    }
    assertThat(missing).isEmpty();
  }

  private static String documented() throws IOException {
    return Files.readString(
        Path.of(System.getProperty("freshet.home", "..")).resolve("docs/configuration.md"));
  }
}
