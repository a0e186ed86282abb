package freshet.replicator.app;

import freshet.replicator.gate.Hold;
import freshet.replicator.gate.HoldFolder;
import freshet.replicator.page.HeldRow;
import freshet.replicator.page.SnapshotRow;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest snapshots of a repository or store, and its held cities, for the status page. What
 * can't be read is left out, since the page is for when things go wrong. Thread-safe.
 */
public final class KeptSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(KeptSnapshots.class);
  private static final int MOST = 10;

  private final LocalRepository repository;

  /** Manifests never change, so that each is read once. */
  private Map<Generation, SnapshotManifest> manifests = new LinkedHashMap<>();

  /** Of this repository. */
  public KeptSnapshots(LocalRepository repository) {
    this.repository = repository;
  }

  /** Where they are. */
  public Path folder() {
    return repository.layout().root();
  }

  /** The newest ten, newest first. */
  public synchronized List<SnapshotRow> newest() {
    try {
      Generation latest = repository.latest().map(Advertisement::generation).orElse(null);
      Set<Generation> pinned = repository.pinned();
      Map<Generation, SnapshotManifest> read = new LinkedHashMap<>();
      List<SnapshotRow> rows = new ArrayList<>();
      for (Generation generation : repository.generations().descendingSet()) {
        SnapshotManifest manifest = manifest(generation);
        if (manifest != null) {
          read.put(generation, manifest);
          rows.add(
              new SnapshotRow(
                  generation,
                  manifest.created(),
                  manifest.cities().size(),
                  generation.equals(latest),
                  pinned.contains(generation)));
        }
        if (rows.size() == MOST) {
          break;
        }
      }
      manifests = read;
      return rows;
    } catch (IOException e) {
      LOG.debug("the snapshots of {} can't be listed: {}", folder(), e.toString());
      return List.of();
    }
  }

  /** The held cities, by name. */
  public List<HeldRow> held() {
    try {
      return new HoldFolder(repository)
          .read().values().stream()
              .map(
                  held ->
                      new HeldRow(
                          held.city(),
                          held.since(),
                          held.hold().explain(),
                          held.hold() instanceof Hold.Dropped))
              .toList();
    } catch (IOException e) {
      LOG.debug("the held cities of {} can't be read: {}", folder(), e.toString());
      return List.of();
    }
  }

  private @Nullable SnapshotManifest manifest(Generation generation) {
    SnapshotManifest known = manifests.get(generation);
    if (known != null) {
      return known;
    }
    try {
      return repository.manifest(generation);
    } catch (IOException e) {
      // Collected since the folder was read, or damaged, which the scrub tells of.
      return null;
    }
  }
}
