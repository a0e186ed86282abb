package freshet.indexer.quarantine;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators ask of a quarantine whose file belongs to another process: one file for each
 * request, in a folder beside it. A request takes effect at the next poll, however often it is
 * taken up.
 */
public final class QuarantineRequests {
  private static final Logger LOG = LoggerFactory.getLogger(QuarantineRequests.class);
  private static final String SUFFIX = ".request";

  /** What may be asked. */
  public enum Wish {
    /** Read the rows again. */
    RETRY,
    /** Forget the rows. */
    DROP
  }

  /**
   * A request.
   *
   * @param file where it is written
   * @param wish what is asked
   * @param keys of which rows
   */
  record Request(Path file, Wish wish, List<DocumentKey> keys) {}

  private final Path folder;

  /** The requests of the quarantine in a file. */
  public QuarantineRequests(Path quarantine) {
    this.folder = folder(quarantine);
  }

  /** Where requests lie that concern a quarantine. */
  static Path folder(Path quarantine) {
    return quarantine.resolveSibling(quarantine.getFileName() + ".requests");
  }

  /** Asks. The request is on disk when this returns. */
  public void ask(Wish wish, Collection<DocumentKey> keys) throws IOException {
    DurableFiles.createFolders(folder);
    String text =
        keys.stream().map(DocumentKey::hex).collect(Collectors.joining("\n", wish + "\n", "\n"));
    DurableFiles.write(
        folder.resolve(UUID.randomUUID() + SUFFIX), text.getBytes(StandardCharsets.UTF_8));
  }

  /** What was asked and not taken up yet, the oldest first. */
  List<Request> open() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(one -> one.toString().endsWith(SUFFIX)).toList();
    }
    SortedMap<FileTime, List<Request>> open = new TreeMap<>();
    for (Path file : files) {
      try {
        open.computeIfAbsent(Files.getLastModifiedTime(file), time -> new ArrayList<>())
            .add(read(file));
      } catch (NoSuchFileException e) {
        LOG.debug("{} was taken up while requests were listed", file);
      }
    }
    return open.values().stream().flatMap(List::stream).toList();
  }

  /** One that makes no sense asks for nothing, so that it does not stand in the others' way. */
  private static Request read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    try {
      Wish wish = Wish.valueOf(lines.isEmpty() ? "" : lines.getFirst());
      return new Request(file, wish, lines.stream().skip(1).map(DocumentKey::ofHex).toList());
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is no request and is removed: {}", file, e.getMessage());
      return new Request(file, Wish.RETRY, List.of());
    }
  }

  /** It has taken effect. */
  static void done(Request request) throws IOException {
    Files.deleteIfExists(request.file());
  }
}
