package freshet.indexer.build;

import freshet.replicator.snapshot.CityManifest;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A published commit that a working index can be made of.
 *
 * @param manifest reads what the commit is
 * @param folder of its files, on the file system of the working indexes
 */
public record PublishedCommit(ManifestReader manifest, Path folder) {

  /** Reads a city's manifest. */
  public interface ManifestReader {
    CityManifest read() throws IOException;
  }
}
