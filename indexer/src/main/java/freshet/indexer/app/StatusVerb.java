package freshet.indexer.app;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.build.CommitFigures;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.replicator.app.CityArguments;
import freshet.replicator.app.FleetText;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonAccess;
import freshet.replicator.command.DaemonClient;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.DaemonFile.Daemon;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Verb;
import freshet.replicator.freshness.AgeWatch;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.freshness.ClockEstimate;
import freshet.replicator.freshness.ClockReading;
import freshet.replicator.freshness.ServedState;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pause.Pauses;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.serve.TransferStatus;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the master has published, who is at work, and what is waited for. */
@Command(
    name = "status",
    description = "Say what is published, who is at work, and what is waited for.")
final class StatusVerb extends Verb {
  private static final int HTTP_NOT_FOUND = 404;

  @Option(names = "--url", paramLabel = "URL", description = "Ask the master that listens there.")
  private @Nullable URI url;

  @Option(names = "--json", description = "Print the status as JSON.")
  private boolean isJson;

  @Option(names = "--cities", description = "List all cities, not only the largest.")
  private boolean isAllCities;

  @Option(
      names = "--city",
      paramLabel = "CITY",
      description =
          "Say how old what is published of this city is, by stages; may be given several times.")
  private List<String> names = new ArrayList<>();

  StatusVerb() {
    super(IndexerMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws Exception {
    String json;
    URI asked = url;
    Set<City> ages = CityArguments.parse(names);
    if (asked != null) {
      json = ask(asked, DaemonAccess.NONE, ages);
    } else {
      IndexerConfig config = IndexerConfig.read(configFile(), System.getenv());
      Optional<Daemon> daemon = new DaemonFile(config.work()).read();
      json =
          daemon.isPresent()
              ? ask(daemon.get().url(), DaemonAccess.of(config.server()), ages)
              : look(config, ages);
    }
    if (isJson) {
      print(json);
    } else {
      show(Json.parse(json));
    }
    return ExitCode.OK;
  }

  private static String ask(URI daemon, DaemonAccess access, Set<City> ages) throws Exception {
    String base = daemon.toString().replaceFirst("/$", "");
    URI address = URI.create(base + "/status" + CityArguments.query(ages));
    DaemonClient.Answer answer = DaemonClient.get(address, access);
    if (answer.status() == HTTP_NOT_FOUND) {
      throw new CommandException(ExitCode.USAGE, answer.problem());
    }
    return answer.body();
  }

  private static String look(IndexerConfig config, Set<City> ages)
      throws IOException, CommandException {
    LocalRepository repository =
        new LocalRepository(new RepositoryLayout(config.repository().folder()));
    Optional<Advertisement> latest = repository.latest();
    Snapshot snapshot = latest.isEmpty() ? null : repository.snapshot(latest.get());
    Pauses paused = new PauseFolder(repository.layout()).read().at(new SystemTime().now());
    Pause whole = paused.whole();
    LockHolder holder = LockHolder.of(Master.lockFile(config)).orElse(null);
    MasterStatus status =
        MasterStatus.of(
            holder == null ? "stopped" : "running",
            whole != null
                ? MasterStatus.endOf(whole)
                : holder == null
                    ? "no daemon runs: waits for bin/indexer run, or build"
                    : holder.text() + " to end",
            holder == null ? null : holder.pid(),
            null,
            latest.orElse(null),
            snapshot,
            new TreeMap<>(),
            HeldCities.read(config.work()),
            List.of(),
            null,
            FileQuarantine.look(config.quarantine().file()).size(),
            null,
            CommitFigures.all(Master.citiesFolder(config)),
            RebuildStatus.look(config.work()).orElse(null),
            paused,
            List.of());
    return SnapshotCodec.writeText(
        ages.isEmpty() ? status : status.withAges(ages(ages, snapshot, latest, paused)));
  }

  /** By the clock of this host, which is the master's. */
  private static List<CityAge> ages(
      Set<City> cities, @Nullable Snapshot snapshot, Optional<Advertisement> latest, Pauses paused)
      throws CommandException {
    ClockReading now = ClockReading.of(new SystemTime());
    return CityArguments.choose(
        cities,
        snapshot == null || latest.isEmpty()
            ? Collections.emptySortedMap()
            : new AgeWatch(Duration.ZERO)
                .cities(
                    new ServedState(snapshot, latest.get(), now, null),
                    new ClockEstimate(Duration.ZERO, Duration.ZERO, now),
                    now,
                    paused.cities()));
  }

  private void show(JsonNode status) throws FormatException {
    print(
        status.hasNonNull("pid")
            ? "master: %s, process %s%s"
                .formatted(
                    status.path("state").asText(),
                    status.path("pid").asText(),
                    status.hasNonNull("url") ? ", " + status.path("url").asText() : "")
            : "master: " + status.path("state").asText());
    print(
        status.hasNonNull("generation")
            ? "published: generation %s, %s in %s, %,d bytes"
                .formatted(
                    status.path("generation").asText(),
                    Count.of(status.path("documents").asLong(), "document"),
                    Count.of(status.path("cities").asInt(), "city", "cities"),
                    status.path("bytes").asLong())
            : "published: nothing yet");
    if (status.hasNonNull("readThrough")) {
      print(
          "complete through %s on the database's clock%s"
              .formatted(
                  status.path("readThrough").asText(),
                  status.path("behind").isEmpty()
                      ? ""
                      : ", but for %s behind"
                          .formatted(
                              Count.of(
                                  status.path("behind").size(),
                                  "city that is",
                                  "cities that are"))));
    }
    for (JsonNode age : status.path("ages")) {
      byte[] json = age.toString().getBytes(StandardCharsets.UTF_8);
      print(SnapshotCodec.read(json, CityAge.class, "ages").sentence());
    }
    StatusText.held(status.path("held"), isAllCities).forEach(this::print);
    if (status.hasNonNull("transfers")) {
      byte[] json = status.path("transfers").toString().getBytes(StandardCharsets.UTF_8);
      print("serving: " + SnapshotCodec.read(json, TransferStatus.class, "transfers").sentence());
    }
    if (!status.path("slaves").isEmpty()) {
      print(FleetText.summary(status.path("slaves")));
    }
    FleetText.lines(status.path("slaves")).forEach(this::print);
    if (status.path("quarantined").asInt() > 0) {
      print(
          "set aside: %s; see: bin/indexer quarantine list; once mended: bin/indexer quarantine retry --all"
              .formatted(
                  Count.of(
                      status.path("quarantined").asInt(),
                      "row that can't become a document",
                      "rows that can't become documents")));
    }
    RebuildStatus.in(status)
        .map(
            rebuild ->
                status.hasNonNull("generation")
                    ? RebuildText.of(rebuild)
                    : RebuildText.ofFirst(rebuild))
        .ifPresent(this::print);
    StatusText.merges(status.path("merges")).forEach(this::print);
    StatusText.cities(status.path("statistics"), isAllCities).forEach(this::print);
    JsonNode last = status.path("lastCycles").path(0);
    if (!last.isMissingNode()) {
      print(
          "last cycle: %s, began at %s"
              .formatted(
                  last.path("outcome").path("kind").asText(), last.path("started").asText()));
    }
    last.path("findings")
        .forEach(
            finding ->
                print(
                    "finding: %s: %s; %s"
                        .formatted(
                            finding.path("what").asText(),
                            finding.path("evidence").asText(),
                            finding.path("fix").asText())));
    print("waits for: " + status.path("waitsFor").asText());
  }
}
