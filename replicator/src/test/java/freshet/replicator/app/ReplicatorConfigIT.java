package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.replicator.config.ConfigException;
import freshet.replicator.config.DocumentedKeys;
import freshet.replicator.config.ServerSettings;
import freshet.replicator.flight.FlightOptions;
import freshet.replicator.freshness.Canary;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.search.SearchLimits;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicatorConfigIT {
  private static final Path HOME = Path.of(System.getProperty("freshet.home", ".."));
  private static final Path SHIPPED = HOME.resolve("conf/replicator.yaml");

  @Test
  void theShippedFileIsValidAndHasTheDefaults() throws ConfigException {
    ReplicatorConfig config = ReplicatorConfig.read(SHIPPED, Map.of());

    assertThat(config.remote()).isNotNull();
    assertThat(config.remote().url()).isEqualTo("http://127.0.0.1:8700");
    assertThat(config.remote().options()).isEqualTo(RemoteOptions.defaults());
    assertThat(config.search()).isEqualTo(SearchLimits.DEFAULT);
    assertThat(config.store().pull()).isEqualTo(PullOptions.DEFAULT);
    assertThat(config.store().folder())
        .isEqualTo(HOME.toAbsolutePath().normalize().resolve("data/slave"));
    assertThat(config.repository()).isNull();
    assertThat(config.freshness().canary()).isNull();
  }

  @Test
  void everyKeyReachesItsOption() throws ConfigException {
    ReplicatorConfig config = ReplicatorConfig.read(sample("everything.yaml"), Map.of());

    assertThat(config.alerts().maxPast()).isEqualTo(70);
    assertThat(config.flight()).isEqualTo(new FlightOptions(20, 3 << 20, 1 << 20));
    assertThat(config.name()).isEqualTo("eu-1");
    assertThat(config.remote().token()).hasToString("***");
    assertThat(config.remote().options())
        .isEqualTo(
            new RemoteOptions(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                65_536,
                Duration.ofSeconds(4),
                RemoteAccess.DEFAULT.compressing(false)));
    assertThat(config.remote().authorities()).isAbsolute().hasFileName("ca.pem");
    assertThat(config.store().pull())
        .isEqualTo(
            new PullOptions(
                9, 1L << 30, ReplayMode.NEVER, CitySubset.of(List.of("berlin*", "São ?aulo"))));
    assertThat(config.store().retention().keepNewest()).isEqualTo(5);
    assertThat(config.pullCron()).isEqualTo("0 * * * * ?");
    assertThat(config.server().maxRequests()).isEqualTo(16);
    assertThat(config.server().tls().certificate()).isAbsolute().hasFileName("server.pem");
    assertThat(config.server().tls().key()).isAbsolute().hasFileName("server.key");
    assertThat(config.server().token()).hasToString("***");
    assertThat(config.server().transfers())
        .isEqualTo(new ServerSettings.TransferSettings(20 << 20, 19, 1 << 20, false));
    assertThat(config.search().maxSize()).isEqualTo(10);
    assertThat(config.freshness())
        .isEqualTo(
            new ReplicatorConfig.FreshnessSettings(
                Duration.ofMinutes(1),
                Duration.ofMillis(500),
                new Canary("7", new City("São Paulo"), "beat", Duration.ofSeconds(30))));
    assertThat(config.metricsPerCity()).isTrue();
    assertThat(config.repository()).isAbsolute().hasFileName("repository");
  }

  @Test
  void serveNeedsNoRemote() throws ConfigException {
    for (Path file : List.of(sample("serve.yaml"), HOME.resolve("conf/serve.yaml"))) {
      ReplicatorConfig config = ReplicatorConfig.read(file, Map.of());
      assertThat(config.remote()).isNull();
      assertThat(config.repository()).isNotNull();
    }
  }

  @Test
  void theDocumentationHasEveryKeyAndNoOther() throws ConfigException, IOException {
    TreeSet<String> read =
        new TreeSet<>(ReplicatorConfig.keys(sample("everything.yaml"), Map.of()));
    TreeSet<String> documented =
        new TreeSet<>(
            DocumentedKeys.of(HOME.resolve("docs/configuration.md"), "conf/replicator.yaml"));
    // Groups are documented by what is in them.
    read.removeIf(
        key ->
            !documented.contains(key)
                && documented.stream().anyMatch(longer -> longer.startsWith(key + ".")));

    assertThat(documented).isEqualTo(read);
  }

  @Test
  void allMistakesAreReportedAtOnce() {
    Path file = sample("mistakes.yaml");
    ConfigException found =
        catchThrowableOfType(ConfigException.class, () -> ReplicatorConfig.read(file, Map.of()));

    assertThat(found.getMessage().replace(file.getParent() + "/", "").lines())
        .containsExactly(
            "mistakes.yaml:1: name: eu 1: 1 to 64 letters, digits, '.', '_' or '-' are expected, a letter or digit first",
            "mistakes.yaml:2: remote.url: missing: a text is required",
            "mistakes.yaml:3: remote.timeouts.gap: 0ms: a time-out must be finite and above zero,"
                + " such as 5s",
            "mistakes.yaml:4: remote.min_rate: 4K: a size is a number with B, KB, MB, GB or TB,"
                + " such as 64MB, and at least 1B",
            "mistakes.yaml:6: server.listen: 8701: host:port is expected, such as 127.0.0.1:8700 or"
                + " [::1]:8700",
            "mistakes.yaml:7: freshness.limit: never: a time-out must be finite and above zero,"
                + " such as 5m",
            "mistakes.yaml:7: freshness.canary.id: missing: the key of the canary's row is"
                + " required");
  }

  /** Each message of a failure would show it, and this one stands in a log. */
  @Test
  void anAddressWithAPasswordIsRefusedAndNotShown(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("replicator.yaml"),
            """
            name: eu-1
            remote: {url: "http://master:8700"}
            store: {folder: store}
            alerts:
              webhook: {url: "https://ann:s3cret@hooks.example.org/in"}
              alertmanager: {url: "htps://alertmanager:9093/?key=s3cret"}
            """);
    ConfigException found =
        catchThrowableOfType(ConfigException.class, () -> ReplicatorConfig.read(file, Map.of()));

    assertThat(found.getMessage().replace(folder + "/", "").lines())
        .containsExactly(
            "replicator.yaml:5: alerts.webhook.url: ***: an http or https URL without user and"
                + " password is expected; who asks is shown by token",
            "replicator.yaml:6: alerts.alertmanager.url: ***: an http or https URL without user and"
                + " password is expected; who asks is shown by token");
  }

  private static Path sample(String name) {
    try {
      return Path.of(ReplicatorConfigIT.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
