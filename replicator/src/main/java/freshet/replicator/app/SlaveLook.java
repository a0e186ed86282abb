package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.FreshnessSettings;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonAccess;
import freshet.replicator.command.DaemonClient;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.DaemonFile.Daemon;
import freshet.replicator.command.ExitCode;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.freshness.AgeWatch;
import freshet.replicator.freshness.Canary;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.freshness.ClockReading;
import freshet.replicator.freshness.ServedState;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pause.Pauses;
import freshet.replicator.pause.ShownCities;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.swap.SnapshotSwitch;
import freshet.replicator.swap.SwitchException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** How a slave stands, from outside of its process. */
final class SlaveLook {
  private static final int HTTP_OK = 200;
  private static final int HTTP_NOT_FOUND = 404;

  private SlaveLook() {}

  /** What the daemon of a configuration says, or its store if none runs. */
  static SlaveStatus of(ReplicatorConfig config) throws IOException, CommandException {
    return of(config, Set.of());
  }

  /** The same, with the ages of these cities. */
  static SlaveStatus of(ReplicatorConfig config, Set<City> cities)
      throws IOException, CommandException {
    Path folder = config.store().folder();
    Optional<Daemon> daemon = new DaemonFile(folder).read();
    return daemon.isPresent()
        ? ask(daemon.get().url(), DaemonAccess.of(config.server()), cities)
        : inFolder(config).with(cities);
  }

  /**
   * What a store has.
   *
   * @param ages of all its cities
   */
  record Found(SlaveStatus status, SortedMap<City, CityAge> ages) {

    /** With the ages of these cities; refuses one that is not there. */
    SlaveStatus with(Set<City> cities) throws CommandException {
      return cities.isEmpty() ? status : status.withCities(CityArguments.choose(cities, ages));
    }
  }

  /** What the store of a configuration has, by which cron's pulls go. */
  static Found inFolder(ReplicatorConfig config) throws IOException {
    FreshnessSettings freshness = config.freshness();
    return look(
        config.name(), config.store().folder(), freshness.maxClockSkew(), freshness.canary());
  }

  /** What a daemon says. */
  static SlaveStatus ask(URI daemon, DaemonAccess access) throws IOException, CommandException {
    return ask(daemon, access, Set.of());
  }

  /** The same, with the ages of these cities. */
  static SlaveStatus ask(URI daemon, DaemonAccess access, Set<City> cities)
      throws IOException, CommandException {
    URI url =
        URI.create(
            daemon.toString().replaceFirst("/*$", "") + "/status" + CityArguments.query(cities));
    DaemonClient.Answer answer = DaemonClient.get(url, access);
    if (answer.status() != HTTP_OK) {
      throw new CommandException(
          answer.status() == HTTP_NOT_FOUND ? ExitCode.USAGE : ExitCode.UNAVAILABLE,
          "GET %s: HTTP %d, 200 is expected: %s".formatted(url, answer.status(), answer.problem()));
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    return SnapshotCodec.read(bytes, SlaveStatus.class, url.toString());
  }

  /**
   * What a store or repository has, whoever brings it there.
   *
   * @param maxSkew how far this host's clock may be behind the database's
   * @param canary to search for; null for none
   */
  static SlaveStatus inFolder(String name, Path folder, Duration maxSkew, @Nullable Canary canary)
      throws IOException {
    return look(name, folder, maxSkew, canary).status();
  }

  private static Found look(String name, Path folder, Duration maxSkew, @Nullable Canary canary)
      throws IOException {
    LocalRepository store = new LocalRepository(new RepositoryLayout(folder));
    Optional<Advertisement> latest = store.latest();
    CitySubset subset = store.subset();
    Time time = new SystemTime();
    ClockReading now = ClockReading.of(time);
    Snapshot newest = latest.isEmpty() ? null : store.snapshot(latest.get());
    ShownCities shown = newest == null ? null : new PausedCities(store, time).shown(newest);
    Snapshot snapshot = shown == null ? null : shown.snapshot();
    ServedState served =
        shown == null
            ? null
            : new ServedState(shown.snapshot(), latest.get(), now, null, shown.frozen());
    AgeWatch ages = new AgeWatch(maxSkew);
    Pauses pauses = new PauseFolder(store.layout()).read().at(now.wall());
    Pause pause = pauses.whole();
    SortedMap<City, CityAge> each =
        served == null
            ? Collections.emptySortedMap()
            : ages.cities(served, null, now, pauses.cities());
    SlaveStatus status =
        new SlaveStatus(
            name,
            now.wall(),
            snapshot == null ? null : snapshot.generation(),
            snapshot == null ? 0 : snapshot.documents(),
            subset.isAll() ? null : subset,
            ages.look(served, null, null, now),
            canary == null
                ? null
                : ages.canary(canary, sighting(canary, store, newest, served), served, null, now),
            PauseWords.after(pause == null ? waitsFor(store) : "is " + pause.sentence(), pauses),
            null,
            null,
            0,
            0,
            null,
            Files.isDirectory(folder) ? DiskSpace.freeBytes(folder) : 0,
            pause,
            shown == null ? List.of() : PauseWords.findings(shown.passed()),
            null,
            PauseWords.some(pauses),
            null);
    return new Found(status, each);
  }

  private static String waitsFor(LocalRepository store) throws IOException {
    Path folder = store.layout().root();
    if (store.isOfMaster()) {
      return "%s is a master's: waits for the next cycle of bin/indexer run, or build"
          .formatted(folder);
    }
    return new DaemonFile(folder)
        .read()
        .map(daemon -> "waits for the daemon on %s, process %d".formatted(folder, daemon.pid()))
        .orElse("no daemon runs on " + folder + ": waits for bin/replicator run, or pull");
  }

  /** Opens all of it, as the daemon does, since that is what queries see. */
  private static Canary.Sighting sighting(
      Canary canary,
      LocalRepository store,
      @Nullable Snapshot newest,
      @Nullable ServedState served) {
    Time time = new SystemTime();
    try (SnapshotSwitch live =
        new SnapshotSwitch(store, Runtime.getRuntime().availableProcessors(), time)) {
      if (served != null && newest != null) {
        live.switchTo(served.snapshot(), served.advertisement(), newest);
      }
      CanarySearch search = new CanarySearch(canary, live, time);
      search.seek();
      return search.last();
    } catch (SwitchException e) {
      return new Canary.Unseen(String.valueOf(e.getMessage()));
    }
  }
}
