package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.FreshnessSettings;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.AgeWatch;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.freshness.ClockEstimate;
import freshet.replicator.freshness.ClockReading;
import freshet.replicator.freshness.PullTimes;
import freshet.replicator.freshness.ServedState;
import freshet.replicator.page.CityRow;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.ShownCities;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.PullReport;
import freshet.replicator.remote.Receipt;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.SnapshotSwitch;
import freshet.replicator.swap.SwitchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a slave serves, kept in step with what its pulls bring, and how old that is. Thread-safe.
 */
final class Serving {
  private final LocalRepository store;
  private final SnapshotSwitch snapshots;
  private final Time time;
  private final PausedCities paused;
  private final AgeWatch ages;
  private final @Nullable CanarySearch canary;

  private @Nullable ServedState served;

  /** What the store has, of which paused cities are served as they were. */
  private @Nullable Snapshot newest;

  private SortedMap<City, String> passed = Collections.emptySortedMap();
  private @Nullable ClockEstimate master;
  private @Nullable ClockReading lastAnswer;
  private @Nullable LastPull lastPull;
  private long fetchedBytes;

  /**
   * A pull that ended without a failure.
   *
   * @param what came of it
   * @param at by this host's clock
   */
  record LastPull(String what, Instant at) {}

  /** As configured, over this switch. */
  Serving(LocalRepository store, SnapshotSwitch snapshots, FreshnessSettings freshness, Time time) {
    this.store = store;
    this.snapshots = snapshots;
    this.time = time;
    this.paused = new PausedCities(store, time);
    this.ages = new AgeWatch(freshness.maxClockSkew());
    this.canary =
        freshness.canary() == null ? null : new CanarySearch(freshness.canary(), snapshots, time);
  }

  /** Serves what the store has from an earlier process, so that a dead master stops nobody. */
  synchronized void resume() throws IOException, SwitchException {
    Optional<Advertisement> latest = store.latest();
    if (latest.isPresent()) {
      Advertisement advertisement = latest.get();
      switchTo(store.snapshot(advertisement), advertisement, ClockReading.of(time));
      seekCanary();
    }
  }

  /**
   * Takes an outcome over. One that throws is heard again by the next pull, which finds what is
   * served to differ from what the store has.
   */
  synchronized void heard(PullOutcome outcome) throws SwitchException {
    ClockReading now = ClockReading.of(time);
    lastAnswer = now;
    master = estimate(outcome.receipt(), now);
    try {
      switch (outcome) {
        case PullOutcome.Installed installed -> installed(installed, now);
        case PullOutcome.UpToDate current -> readvertise(current.advertisement(), now);
        case PullOutcome.Nothing nothing -> {}
        case PullOutcome.Refused refused -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the store can't be read: " + e.getMessage(), e);
    }
    // Before anybody sees the new age, which the old canary would contradict.
    seekCanary();
    lastPull = new LastPull(sentence(outcome), now.wall());
  }

  /**
   * Goes by pauses of cities that began or ended since: from what the store has, without a pull and
   * whatever the remote does.
   */
  synchronized void followPauses() throws IOException, SwitchException {
    ServedState before = served;
    Snapshot latest = newest;
    if (before == null || latest == null) {
      return;
    }
    ShownCities shown = paused.shown(latest);
    passed = shown.passed();
    if (!shown.frozen().equals(before.frozen())) {
      Advertisement stored = store.latest().orElse(before.advertisement());
      if (stored.manifest().equals(before.advertisement().manifest())) {
        switchTo(latest, before.advertisement(), before.heardAt());
      } else {
        // Another process pulled it, and may have collected what was newest here.
        switchTo(store.snapshot(stored), stored, ClockReading.of(time));
      }
      seekCanary();
    }
  }

  /** Opens cities anew whose files were healed by another process. */
  synchronized void reopenHealed() throws IOException, SwitchException {
    HealedCities healed = new HealedCities(store);
    Set<City> cities = healed.read();
    if (!cities.isEmpty()) {
      snapshots.reopen(cities);
      healed.clear();
    }
  }

  /** How old what is served is. */
  synchronized AgeReport age() {
    return ages.look(served, null, master, ClockReading.of(time));
  }

  /** The same of the cities that are not paused here, which nobody wants to stay as they are. */
  synchronized AgeReport ageOfUnpaused() {
    ServedState all = served;
    return ages.look(all == null ? null : all.withoutFrozen(), null, master, ClockReading.of(time));
  }

  /** Paused cities that are served as they are all the same, with why. */
  synchronized SortedMap<City, String> passed() {
    return passed;
  }

  /** Searches for the canary, if one is configured. Nobody who asks for anything here waits. */
  void seekCanary() {
    if (canary != null) {
      canary.seek();
    }
  }

  /** What the canary says, by the last search for it; null if none is configured. */
  synchronized @Nullable CanaryReport canary() {
    return canary == null
        ? null
        : ages.canary(canary.canary(), canary.last(), served, master, ClockReading.of(time));
  }

  /**
   * How old each city is that is served.
   *
   * @param pauses of cities
   */
  synchronized SortedMap<City, CityAge> cityAges(Map<City, Pause> pauses) {
    return served == null
        ? Collections.emptySortedMap()
        : ages.cities(served, master, ClockReading.of(time), pauses);
  }

  /** Each city that is served. */
  synchronized List<CityRow> cities(Map<City, Pause> pauses) {
    return served == null ? List.of() : CityRow.all(served.snapshot(), cityAges(pauses));
  }

  /** What is served; null if nothing is. */
  synchronized @Nullable ServedState served() {
    return served;
  }

  /** When the remote last answered; null if never. */
  synchronized @Nullable ClockReading lastAnswer() {
    return lastAnswer;
  }

  /** The last pull that did not fail; null before the first. */
  synchronized @Nullable LastPull lastPull() {
    return lastPull;
  }

  /** What the pulls of this process brought. */
  synchronized long fetchedBytes() {
    return fetchedBytes;
  }

  private void installed(PullOutcome.Installed installed, ClockReading ended)
      throws IOException, SwitchException {
    PullReport report = installed.report();
    fetchedBytes += report.bytesFetched();
    ClockReading started =
        new ClockReading(
            ended.wall().minus(report.duration()), ended.nanos() - report.duration().toNanos());
    ShownCities shown = switchTo(installed.snapshot(), installed.advertisement(), started);
    PullTimes times =
        new PullTimes(installed.advertisement(), started, ended, ClockReading.of(time));
    served =
        new ServedState(
            shown.snapshot(), installed.advertisement(), started, times, shown.frozen());
  }

  private void readvertise(Advertisement advertisement, ClockReading now)
      throws IOException, SwitchException {
    ServedState before = served;
    if (before != null && advertisement.equals(before.advertisement())) {
      return;
    }
    // A city that has just been paused must not become younger by this.
    followPauses();
    before = served;
    if (before != null && snapshots.readvertise(advertisement)) {
      served =
          new ServedState(before.snapshot(), advertisement, now, before.pulled(), before.frozen());
      return;
    }
    // Another process pulled it, or the switch to it failed before.
    switchTo(store.snapshot(advertisement), advertisement, now);
  }

  /** Switches to what is to be shown of a snapshot. */
  private ShownCities switchTo(Snapshot latest, Advertisement advertisement, ClockReading heardAt)
      throws IOException, SwitchException {
    ShownCities shown = paused.shown(latest);
    try {
      snapshots.switchTo(shown.snapshot(), advertisement, latest);
    } catch (SwitchException.Damaged e) {
      if (!paused.giveUp(shown, e.cities())) {
        throw e;
      }
      shown = paused.shown(latest);
      snapshots.switchTo(shown.snapshot(), advertisement, latest);
    }
    ServedState before = served;
    // The same snapshot with other cities frozen was pulled when it was.
    PullTimes pulled =
        before != null && before.snapshot().manifestDigest().equals(latest.manifestDigest())
            ? before.pulled()
            : null;
    newest = latest;
    passed = shown.passed();
    served = new ServedState(shown.snapshot(), advertisement, heardAt, pulled, shown.frozen());
    return shown;
  }

  private @Nullable ClockEstimate estimate(Receipt receipt, ClockReading now) {
    freshet.replicator.remote.ClockEstimate found = receipt.clock();
    if (found == null) {
      return master;
    }
    return ClockEstimate.better(
        master, new ClockEstimate(found.offset(), found.uncertainty(), now));
  }

  private static String sentence(PullOutcome outcome) {
    return switch (outcome) {
      case PullOutcome.Installed installed ->
          "installed %s, %,d bytes fetched in %,d ms"
              .formatted(
                  installed.snapshot().generation(),
                  installed.report().bytesFetched(),
                  installed.report().duration().toMillis());
      case PullOutcome.UpToDate current ->
          "has %s, the newest one".formatted(current.advertisement().generation());
      case PullOutcome.Nothing nothing -> "the remote has published nothing yet";
      case PullOutcome.Refused refused -> "refused: " + refused.refusal().explain();
    };
  }
}
