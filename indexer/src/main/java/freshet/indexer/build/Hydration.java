package freshet.indexer.build;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes a working index of a published commit by hard links. Lucene never changes a file that it
 * has written, so that what is linked stays as it was published.
 */
final class Hydration {
  /** Begins the name of a folder that is not complete; no city's folder name has a dot. */
  static final String PREFIX = ".hydrating-";

  private Hydration() {}

  /** Links a commit's files, each verified, into a folder that appears whole or not at all. */
  static void link(CityManifest manifest, Path from, Path target) throws IOException {
    Path staging = target.resolveSibling(PREFIX + target.getFileName());
    DurableFiles.deleteTree(staging);
    DurableFiles.createFolders(staging);
    for (FileEntry file : manifest.files()) {
      Path source = from.resolve(file.name());
      Digest found = Digest.ofFile(source);
      if (!found.equals(file.sha256())) {
        throw new FormatException(
            "%s has sha256 %s, its manifest says %s: it was damaged or replaced"
                .formatted(source, found.brief(), file.sha256().brief()));
      }
      Files.createLink(staging.resolve(file.name()), source);
    }
    DurableFiles.syncFolder(staging);
    DurableFiles.rename(staging, target);
  }
}
