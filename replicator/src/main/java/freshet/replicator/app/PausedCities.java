package freshet.replicator.app;

import freshet.replicator.pause.FrozenCity;
import freshet.replicator.pause.FrozenFolder;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pause.Pauses;
import freshet.replicator.pause.ShownCities;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paused cities of a store: shown as they were for as long as their pauses hold. All it knows
 * is in files of the store, so that a restart changes nothing and any process may ask. Thread-safe.
 */
final class PausedCities {
  private static final Logger LOG = LoggerFactory.getLogger(PausedCities.class);

  private final LocalRepository store;
  private final PauseFolder pauses;
  private final FrozenFolder frozen;
  private final Time time;

  PausedCities(LocalRepository store, Time time) {
    this.store = store;
    this.pauses = new PauseFolder(store.layout());
    this.frozen = new FrozenFolder(store.layout());
    this.time = time;
  }

  /**
   * Freezes the cities that were paused since the last pull as the store has them, durably, and
   * lets go of those whose pauses have ended. Called under the lock of a pull, before it changes
   * anything: nothing else moves LATEST or collects files, so that what was served when the pause
   * began is here.
   */
  void freeze() throws IOException {
    Set<City> paused = held().cities().keySet();
    Set<City> known = frozen.read().keySet();
    for (City city : known) {
      if (!paused.contains(city)) {
        frozen.remove(city);
      }
    }
    SortedSet<City> missing = new TreeSet<>(paused);
    missing.removeAll(known);
    if (!missing.isEmpty()) {
      freeze(missing);
    }
  }

  private void freeze(Set<City> cities) throws IOException {
    try {
      Optional<Advertisement> latest = store.latest();
      if (latest.isEmpty()) {
        return;
      }
      Snapshot snapshot = store.snapshot(latest.get());
      for (City city : cities) {
        CityEntry entry = snapshot.cities().get(city);
        if (entry != null) {
          frozen.write(FrozenCity.of(entry, snapshot, latest.get()));
          LOG.info("city {} is served as of {} while it is paused", city, snapshot.generation());
        }
      }
    } catch (FormatException e) {
      LOG.warn("cities {} are paused, and not served as they were: {}", cities, e.getMessage());
    }
  }

  /** What of the store's newest snapshot is shown now. */
  ShownCities shown(Snapshot newest) throws IOException {
    SortedMap<City, FrozenCity> known = frozen.read();
    // Mostly nothing is paused: then nothing more has to be read.
    return known.isEmpty()
        ? ShownCities.of(newest, CitySubset.ALL, known, Pauses.NONE)
        : ShownCities.of(newest, store.subset(), known, held());
  }

  /**
   * Lets go of cities that can't be opened as they were, so that what is newest is shown of them.
   *
   * @return whether there were any
   */
  boolean giveUp(ShownCities shown, Set<City> damaged) throws IOException {
    boolean hasAny = false;
    for (FrozenCity city : shown.frozen().values()) {
      if (damaged.contains(city.city())) {
        LOG.warn(
            "city {} can't be served as of {} any more, though it is paused: its files are damaged; it is served as it is",
            city.city(),
            city.generation());
        frozen.remove(city.city());
        hasAny = true;
      }
    }
    return hasAny;
  }

  private Pauses held() throws IOException {
    return pauses.read().at(time.now());
  }
}
