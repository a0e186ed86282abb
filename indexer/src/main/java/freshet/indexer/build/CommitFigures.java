package freshet.indexer.build;

import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;

/** Reads a commit's figures without opening its segments. */
final class CommitFigures {
  private CommitFigures() {}

  static CityStatistics read(City city, Directory directory, Path folder) throws IOException {
    SegmentInfos infos = SegmentInfos.readLatestCommit(directory);
    long documents = 0;
    long deleted = 0;
    long bytes = 0;
    for (SegmentCommitInfo segment : infos) {
      documents += segment.info.maxDoc() - segment.getDelCount();
      deleted += segment.getDelCount();
      bytes += segment.sizeInBytes();
    }
    Instant written =
        Files.getLastModifiedTime(folder.resolve(infos.getSegmentsFileName())).toInstant();
    return new CityStatistics(city, documents, deleted, infos.size(), bytes, written);
  }
}
