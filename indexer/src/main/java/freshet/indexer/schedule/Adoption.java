package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityFolders;
import freshet.indexer.build.WorkingCity;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.source.Finding;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Incarnation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts rebuilt indexes in the place of the working ones, of all cities of a rebuild at once: from
 * the moment that SWITCHING is written the new ones count, and a crash anywhere behind it is
 * completed. Before, nothing of them is used.
 *
 * <p>Used by one thread at a time, while the working indexes are closed where it says so.
 */
public final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final RebuildFolder rebuild;
  private final CityFolders working;
  private final Path routing;
  private final Path definition;
  private final Fit fit;
  private final ShippingAhead ahead;
  private @Nullable RebuildState refused;
  private @Nullable RebuildState fitting;
  private @Nullable Finding finding;
  private @Nullable Class<?> stuckBy;
  private @Nullable Finding awaited;

  /** Whether a rebuild is of use to this master. */
  public interface Fit {
    /** What is wrong with it; empty if nothing is. */
    Optional<String> mismatch(RebuildState ready) throws IOException;
  }

  /**
   * The adoption of what lies in a folder.
   *
   * @param rebuild where rebuilds are made
   * @param working the folder of the working indexes
   * @param routing that of the routing table
   * @param definition the file that says what those are built by
   * @param fit what is asked before anything is touched
   * @param ahead lets slaves have it first
   */
  public Adoption(
      RebuildFolder rebuild,
      Path working,
      Path routing,
      Path definition,
      Fit fit,
      ShippingAhead ahead) {
    this.rebuild = rebuild;
    this.working = new CityFolders(working);
    this.routing = routing;
    this.definition = definition;
    this.fit = fit;
    this.ahead = ahead;
  }

  /** What slaves may fetch of a rebuild before it is adopted. */
  ShippingAhead ahead() {
    return ahead;
  }

  /** Whether there is a rebuild to adopt. As a rule this is one look at a file's name. */
  boolean isDue() {
    try {
      RebuildState state = rebuild.read().orElse(null);
      if (state != null && state.phase() == Phase.READY) {
        return mayAdopt(state);
      }
      refused = null;
      awaited = null;
      finding = null;
      ahead.follow(state);
      return state != null && state.phase() == Phase.SWITCHING;
    } catch (IOException e) {
      stuck(e);
      return false;
    }
  }

  /** A rebuild is due, and a city is at work for too long, so that it can't be closed. */
  void awaits(BuildException overdue) {
    Finding now =
        new Finding(
            "the rebuild in " + rebuild.path() + " waits for a city",
            String.valueOf(overdue.getMessage()),
            "it is used once that city's work has ended; if that hangs, mend the disk or start the master anew");
    finding = now;
    if (!now.equals(awaited)) {
      awaited = now;
      tell(now);
    }
  }

  /** Whoever waits for the switch hears why it does not come, as far as that can be written. */
  private void stuck(IOException why) {
    Finding now =
        finding(
            why.toString(),
            "let %s and all in it belong to the account of the master (%s), and have room; it is tried again with each cycle"
                .formatted(rebuild.path(), System.getProperty("user.name", "unknown")));
    finding = now;
    // The name of a temporary file in it is another one each time.
    if (!why.getClass().equals(stuckBy)) {
      stuckBy = why.getClass();
      tell(now);
    }
  }

  private void tell(Finding reason) {
    try {
      rebuild.waits("%s: %s; %s".formatted(reason.what(), reason.evidence(), reason.fix()));
    } catch (IOException e) {
      LOG.debug("nobody who waits can be told", e);
    }
  }

  /** Whether there is nothing yet that could be adopted. */
  boolean isUnready() throws IOException {
    return rebuild.read().map(RebuildState::phase).orElse(Phase.READING).compareTo(Phase.READY) < 0;
  }

  /** A rebuild that is not adopted, and why. */
  Optional<Finding> finding() {
    return Optional.ofNullable(finding);
  }

  /** Adopts what is ready. The working indexes are closed. */
  void run() throws IOException {
    try {
      RebuildState state = rebuild.read().orElse(null);
      if (state != null && state.phase() == Phase.READY) {
        // It may have been taken back at this moment, to catch up once more.
        boolean unused = rebuild.advance(Phase.READY, state.in(Phase.SWITCHING));
      }
      complete();
      stuckBy = null;
      awaited = null;
    } catch (IOException e) {
      stuck(e);
      throw e;
    }
  }

  /**
   * Completes what a crash or a failure interrupted; to be called before the working indexes and
   * what they are built by are read at a start.
   */
  public void complete() throws IOException {
    RebuildState state = rebuild.read().orElse(null);
    if (state == null || state.phase() != Phase.SWITCHING) {
      return;
    }
    CityFolders built = new CityFolders(rebuild.cities());
    built.move(state.built().keySet(), working);
    int gone = 0;
    for (City city : working.cities()) {
      if (state.concerns(city) && !state.built().containsKey(city)) {
        working.remove(city);
        gone++;
      }
    }
    if (state.cities() == null) {
      // Whether it is of their last commits, the cycle will see.
      RoutingTable.replace(routing, rebuild.routing());
      if (Files.exists(rebuild.definition())) {
        DurableFiles.write(definition, Files.readAllBytes(rebuild.definition()));
      }
    }
    rebuild.write(state.in(Phase.SWITCHED));
    LOG.info(
        "rebuild of {}: ready -> switched: {} cities, {} have no documents any more",
        state.started(),
        state.built().size(),
        gone);
  }

  /** The rebuild whose indexes are in their places, and which is not published yet. */
  Optional<RebuildState> pending() throws IOException {
    return rebuild.read().filter(state -> state.phase() == Phase.SWITCHED);
  }

  /** Nothing of it is needed any more. */
  void end() {
    try {
      rebuild.delete();
    } catch (IOException e) {
      // It is published all the same, which the next start sees.
      LOG.warn("{} could not be removed: {}", rebuild.path(), e.toString());
    }
  }

  /** All indexes are looked at twice: before slaves hear of them, and before the switch. */
  private boolean mayAdopt(RebuildState ready) throws IOException {
    if (!ready.equals(fitting)) {
      fitting = isFit(ready) ? ready : null;
    }
    if (fitting == null) {
      ahead.follow(null);
      return false;
    }
    return ahead.mayEnter(ready) && isFit(ready);
  }

  private boolean isFit(RebuildState state) throws IOException {
    if (state.equals(refused)) {
      return false;
    }
    Optional<String> mismatch = fit.mismatch(state);
    if (mismatch.isEmpty()) {
      mismatch = incomplete(state);
    }
    refused = mismatch.isPresent() ? state : null;
    finding = mismatch.map(why -> finding(why, again(arguments(state)))).orElse(null);
    if (finding != null) {
      rebuild.refuse(finding.evidence() + "; " + finding.fix());
    }
    return mismatch.isEmpty();
  }

  private Optional<String> incomplete(RebuildState state) throws IOException {
    CityFolders built = new CityFolders(rebuild.cities());
    for (Map.Entry<City, Incarnation> expected : state.built().entrySet()) {
      City city = expected.getKey();
      WorkingCity found = built.last(city).orElse(null);
      if (found == null
          || !found.city().equals(city)
          || !found.incarnation().equals(expected.getValue())
          || !found.data().schema().equals(state.schema())) {
        return Optional.of(
            "city %s: incarnation %s with schema %s was built, found %s"
                .formatted(
                    city,
                    expected.getValue(),
                    state.schema().brief(),
                    found == null ? "no index" : found.data()));
      }
    }
    return Optional.empty();
  }

  private Finding finding(String evidence, String fix) {
    return new Finding("the rebuild in " + rebuild.path() + " is not used", evidence, fix);
  }

  private static String again(String arguments) {
    return "rebuild again with: bin/indexer rebuild" + arguments;
  }

  private static String arguments(RebuildState state) {
    return state.cities() == null
        ? " --all"
        : state.cities().stream()
            .reduce("", (all, city) -> all + " --city " + city, String::concat);
  }
}
