package freshet.indexer.benchmark.replicate;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** Counts the bytes of merged segments, each once. Not thread-safe. */
final class MergedBytes {
  private final Set<String> seen = new HashSet<>();
  private long bytes;

  long bytes() {
    return bytes;
  }

  /** Counts those of a snapshot that no earlier one had. */
  void count(LocalRepository store, Snapshot snapshot) throws IOException {
    for (CityEntry entry : snapshot.cities().values()) {
      String commit = store.cityManifest(entry).segmentsFile();
      try (Directory files =
          FSDirectory.open(store.layout().incarnation(entry.city(), entry.incarnation()))) {
        for (SegmentCommitInfo segment : SegmentInfos.readCommit(files, commit)) {
          boolean isMerged = "merge".equals(segment.info.getDiagnostics().get("source"));
          if (isMerged && seen.add(entry.incarnation() + segment.info.name)) {
            for (String file : segment.info.files()) {
              bytes += file.endsWith(".si") ? 0 : files.fileLength(file);
            }
          }
        }
      }
    }
  }
}
