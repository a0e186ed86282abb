package freshet.indexer.build;

import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the figures of working indexes as they lie on disk, without opening their segments, and
 * beside whoever builds them.
 */
public final class CommitFigures {
  private static final Logger LOG = LoggerFactory.getLogger(CommitFigures.class);

  private CommitFigures() {}

  /**
   * Figures of every city below a folder, by name; of none if there is no such folder. A city that
   * can't be read is left out: whoever builds it finds out why.
   */
  public static List<CityStatistics> all(Path folder) throws IOException {
    List<CityStatistics> all = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (DirectoryStream<Path> cities = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path city : cities) {
        String name = String.valueOf(city.getFileName());
        if (!name.startsWith(Hydration.PREFIX)) {
          add(city, name, all);
        }
      }
    }
    all.sort(Comparator.comparing(CityStatistics::city));
    return all;
  }

  private static void add(Path folder, String name, List<CityStatistics> all) {
    try (Directory directory = IndexDirectories.FILES.open(folder)) {
      all.add(read(City.ofFolder(name), directory, folder));
    } catch (IndexNotFoundException | IllegalArgumentException e) {
      LOG.debug("{} is no city's index, or has no commit yet", folder, e);
    } catch (IOException e) {
      LOG.warn("the figures of {} can't be read: {}", folder, e.toString());
    }
  }

  private static CityStatistics read(City city, Directory directory, Path folder)
      throws IOException {
    // Begins again when a commit that is being read gives way to a newer one.
    return new SegmentInfos.FindSegmentsFile<CityStatistics>(directory) {
      @Override
      protected CityStatistics doBody(String segmentsFile) throws IOException {
        SegmentInfos infos = SegmentInfos.readCommit(directory, segmentsFile);
        Instant written = Files.getLastModifiedTime(folder.resolve(segmentsFile)).toInstant();
        return sum(city, infos, written);
      }
    }.run();
  }

  private static CityStatistics sum(City city, SegmentInfos infos, Instant written)
      throws IOException {
    long documents = 0;
    long deleted = 0;
    long bytes = 0;
    for (SegmentCommitInfo segment : infos) {
      documents += segment.info.maxDoc() - segment.getDelCount();
      deleted += segment.getDelCount();
      bytes += segment.sizeInBytes();
    }
    return new CityStatistics(city, documents, deleted, infos.size(), bytes, written);
  }
}
