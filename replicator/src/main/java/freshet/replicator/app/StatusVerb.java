package freshet.replicator.app;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonAccess;
import freshet.replicator.command.DaemonClient;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.DaemonFile.Daemon;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Verb;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a slave serves, how old it is, and what it waits for; or what all slaves of a server do. */
@Command(
    name = "status",
    description = "Say what is served, how old it is, and what is waited for.")
final class StatusVerb extends Verb {
  private static final int HTTP_OK = 200;

  @Option(names = "--url", paramLabel = "URL", description = "Ask the slave that listens there.")
  private @Nullable URI url;

  @Option(
      names = "--fleet",
      description =
          "Show what slaves reported of themselves: to the server at --url, or of this configuration, or to"
              + " this slave's remote.")
  private boolean isFleet;

  @Option(
      names = "--city",
      paramLabel = "CITY",
      description =
          "Say of this city how old it is, by stages, and whether it is paused; may be given several times.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--json", description = "Print the status as JSON.")
  private boolean isJson;

  StatusVerb() {
    super(ReplicatorMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws Exception {
    if (isFleet) {
      return fleet();
    }
    Set<City> cities = CityArguments.parse(names);
    SlaveStatus status;
    URI asked = url;
    if (asked != null) {
      status = SlaveLook.ask(asked, DaemonAccess.NONE, cities);
    } else {
      ReplicatorConfig config = ReplicatorConfig.read(configFile(), System.getenv());
      if (config.remote() == null) {
        return fleet();
      }
      status = SlaveLook.of(config, cities);
    }
    if (isJson) {
      print(SnapshotCodec.writeText(status));
    } else {
      show(status);
    }
    return ExitCode.OK;
  }

  /** Where a configuration only serves, there is no slave whose status could be shown. */
  private ExitCode fleet() throws Exception {
    URI asked = url;
    String json;
    if (asked != null) {
      json = slaves(asked, DaemonAccess.NONE);
    } else {
      ReplicatorConfig config = ReplicatorConfig.read(configFile(), System.getenv());
      ReplicatorConfig.RemoteSettings remote = config.remote();
      Path folder = config.repository();
      if (remote != null) {
        json =
            slaves(
                URI.create(remote.url()), new DaemonAccess(Remotes.trust(remote), remote.token()));
      } else if (folder != null) {
        Optional<Daemon> daemon = new DaemonFile(new RepositoryLayout(folder).control()).read();
        json = slaves(runningAt(daemon, folder), DaemonAccess.of(config.server()));
      } else {
        throw new CommandException(ExitCode.CONFIG, "neither remote nor repository is configured");
      }
    }
    if (isJson) {
      print(json);
    } else {
      JsonNode found = Json.parse(json).path("slaves");
      print(FleetText.summary(found));
      FleetText.lines(found).forEach(this::print);
    }
    return ExitCode.OK;
  }

  private static URI runningAt(Optional<Daemon> daemon, Path folder) throws CommandException {
    if (daemon.isEmpty()) {
      throw new CommandException(
          ExitCode.UNAVAILABLE, "nothing serves %s: start bin/replicator serve".formatted(folder));
    }
    return daemon.get().url();
  }

  private static String slaves(URI server, DaemonAccess access) throws CommandException {
    URI asked = URI.create(server.toString().replaceFirst("/*$", "") + "/slaves");
    DaemonClient.Answer answer = DaemonClient.get(asked, access);
    if (answer.status() != HTTP_OK) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "GET %s: HTTP %d: it is no server of snapshots: %s"
              .formatted(asked, answer.status(), answer.problem()));
    }
    return answer.body();
  }

  private void show(SlaveStatus status) {
    print("slave %s at %s".formatted(status.name(), status.at()));
    print(
        status.generation() == null
            ? "serves: nothing"
            : "serves: generation %s, %s, %s"
                .formatted(
                    status.generation(),
                    Count.of(status.documents(), "document"),
                    Count.of(status.age().cities(), "city", "cities")));
    print(
        switch (status.age().age()) {
          case Age.Known known ->
              "age: at most %,d ms; oldest city: %s; complete through %s"
                  .formatted(
                      known.atMost().toMillis(), status.age().oldest(), status.age().readThrough());
          case Age.Unknown unknown -> "age: unknown: " + unknown.reason();
        });
    String stages = status.age().stages().sentence();
    if (!stages.isEmpty()) {
      print("of that: " + stages);
    }
    List<CityAge> cities = status.cities();
    if (cities != null) {
      cities.forEach(city -> print(city.sentence()));
    }
    if (status.canary() != null) {
      print("canary: " + status.canary().sentence());
    }
    if (status.lastPull() != null) {
      print("last pull: %s, at %s".formatted(status.lastPull(), status.lastPullAt()));
    }
    print("fetched: %,d bytes since it was started".formatted(status.fetchedBytes()));
    if (status.merges() != null) {
      print(status.merges());
    }
    status.findings().forEach(finding -> print("finding: " + finding));
    print("free disk: %,d bytes".formatted(status.freeBytes()));
    print(status.waitsFor());
  }
}
