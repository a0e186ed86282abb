package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files that were fetched ahead of any manifest that names them. They are apart from the
 * cities, and named by their digests: a merge may become void, and its files' names may then mean
 * others.
 */
final class Prefetched {
  private static final Pattern WHOLE = Pattern.compile("[0-9a-f]{64}");

  private Prefetched() {}

  /** The contents that are here, whole and verified. */
  static Set<Digest> in(RepositoryLayout store) throws IOException {
    Set<Digest> digests = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(store))) {
      files.forEach(file -> digestOf(file).ifPresent(digests::add));
    } catch (NoSuchFileException e) {
      return Set.of();
    }
    return digests;
  }

  /** Removes all but these, and what of these is unfinished stays. */
  static void keepOnly(RepositoryLayout store, Set<Digest> wanted) throws IOException {
    Set<String> names = new HashSet<>();
    for (Digest digest : wanted) {
      names.add(digest.hex());
      names.add(digest.hex() + FileFetcher.PART_SUFFIX);
    }
    Path folder = folder(store);
    // Whoever fetches ahead first makes it, perhaps just now, and never removes it.
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (!names.contains(String.valueOf(file.getFileName()))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  static Path folder(RepositoryLayout store) {
    return store.resolve(RepositoryLayout.PREFETCHED);
  }

  /** Empty if the file is not whole. */
  private static Optional<Digest> digestOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return WHOLE.matcher(name).matches() ? Optional.of(new Digest(name)) : Optional.empty();
  }
}
