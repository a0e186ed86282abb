package freshet.replicator.gate;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the history of counts over a restart, and over a takeover, since it lies in the repository.
 * The file is written now and then; what was published since is read from the manifests.
 *
 * @param repository that the cities are published in
 */
record HistoryFile(LocalRepository repository) {
  private static final Logger LOG = LoggerFactory.getLogger(HistoryFile.class);
  private static final int FORMAT = 1;

  /**
   * The content.
   *
   * @param format version of the file's form
   * @param upTo the last generation that is in it
   * @param cities their counts
   */
  record Content(int format, Generation upTo, SortedMap<City, DocumentHistory.Counts> cities) {
    Content {
      cities = Collections.unmodifiableSortedMap(new TreeMap<>(cities));
    }
  }

  /** Everything up to a generation. */
  DocumentHistory read(Generation latest) throws IOException {
    Content known = content();
    boolean isUsable = known != null && !known.upTo.isAfter(latest);
    DocumentHistory history =
        isUsable && known != null ? new DocumentHistory(known.cities) : new DocumentHistory();
    for (Generation generation : repository.generations().headSet(latest, true)) {
      if (!isUsable || known == null || generation.isAfter(known.upTo)) {
        add(generation, history);
      }
    }
    return history;
  }

  /** Makes it durable. */
  void write(Generation upTo, DocumentHistory history) throws IOException {
    DurableFiles.write(
        repository.layout().documents(),
        SnapshotCodec.write(new Content(FORMAT, upTo, history.counts())));
  }

  private void add(Generation generation, DocumentHistory history) throws IOException {
    SnapshotManifest manifest;
    try {
      manifest = repository.manifest(generation);
    } catch (FormatException | NoSuchFileException e) {
      LOG.debug("{} is not in the history of counts", generation, e);
      return;
    }
    manifest.removed().forEach(history::forget);
    for (CityEntry entry : manifest.cities()) {
      history.record(entry.city(), entry.documents(), manifest.created());
    }
  }

  private @Nullable Content content() throws IOException {
    Path file = repository.layout().documents();
    try {
      return SnapshotCodec.read(Files.readAllBytes(file), Content.class, file.toString());
    } catch (NoSuchFileException e) {
      return null;
    } catch (FormatException e) {
      LOG.warn(
          "{}; the history of counts begins with the snapshots that there are", e.getMessage());
      return null;
    }
  }
}
