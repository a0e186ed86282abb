package freshet.indexer.quarantine;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that somebody asked to be read again though nothing is set aside: one file for each request,
 * beside the quarantine's own. The process that polls takes up one file at a time, and removes it
 * once all its keys were read and published, so that nothing that was asked gets lost, and memory
 * holds the keys of one file. Asking is safe for use by any process, the rest by the polling one.
 */
public final class AskedKeys {
  private static final Logger LOG = LoggerFactory.getLogger(AskedKeys.class);
  private static final String SUFFIX = ".keys";

  /** Keys of one file. */
  private static final int MOST = 10_000;

  private final Path folder;
  private final Set<DocumentKey> open = new LinkedHashSet<>();
  private @Nullable Path file;

  /** Those that are asked beside the quarantine in a file. */
  public AskedKeys(Path quarantine) {
    this.folder = QuarantineRequests.folder(quarantine);
  }

  /** Asks. The keys are on disk when this returns. */
  public void ask(Collection<DocumentKey> keys) throws IOException {
    DurableFiles.createFolders(folder);
    List<DocumentKey> all = new ArrayList<>(keys);
    for (int i = 0; i < all.size(); i += MOST) {
      String lines =
          all.subList(i, Math.min(all.size(), i + MOST)).stream()
              .map(DocumentKey::hex)
              .collect(Collectors.joining("\n", "", "\n"));
      DurableFiles.write(
          folder.resolve(UUID.randomUUID() + SUFFIX), lines.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Whether something was asked that is not read and published yet. */
  public boolean isOpen() throws IOException {
    return next().isPresent();
  }

  /** The keys to read, of the request that is taken up; none if none is open. */
  synchronized Set<DocumentKey> toRead() throws IOException {
    while (file == null) {
      Optional<Path> next = next();
      if (next.isEmpty()) {
        return Set.of();
      }
      file = next.get();
      open.addAll(read(next.get()));
      endIfDone();
    }
    return Set.copyOf(open);
  }

  /** These were read, and are published or set aside. */
  synchronized void resolve(Collection<DocumentKey> keys) throws IOException {
    if (file != null) {
      keys.forEach(open::remove);
      endIfDone();
    }
  }

  private void endIfDone() throws IOException {
    Path done = file;
    if (done != null && open.isEmpty()) {
      Files.deleteIfExists(done);
      file = null;
    }
  }

  private Optional<Path> next() throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(one -> one.toString().endsWith(SUFFIX)).findFirst();
    }
  }

  /** A line that is no key asks for nothing. */
  private static Set<DocumentKey> read(Path file) throws IOException {
    Set<DocumentKey> keys = new LinkedHashSet<>();
    for (String line : Files.readAllLines(file)) {
      try {
        keys.add(DocumentKey.ofHex(line));
      } catch (IllegalArgumentException e) {
        LOG.warn("{} has a line that is no key and is skipped: {}", file, e.getMessage());
      }
    }
    // Rows without an identity can't be read by it.
    keys.remove(DocumentKey.EMPTY);
    return keys;
  }
}
