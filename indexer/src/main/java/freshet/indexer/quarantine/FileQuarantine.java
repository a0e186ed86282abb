package freshet.indexer.quarantine;

import freshet.indexer.quarantine.QuarantineEntry.State;
import freshet.indexer.quarantine.QuarantineRequests.Request;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of rows that were set aside, one JSON object a line. It belongs to the process that holds
 * the master's lock; others read it, and ask by {@link QuarantineRequests}. Lines are appended, and
 * the file is written anew, atomically, before it passes its bound. Rows that would not fit even
 * then are only logged. Thread-safe.
 */
public final class FileQuarantine implements Quarantine {
  private static final Logger LOG = LoggerFactory.getLogger(FileQuarantine.class);

  private final Path file;
  private final long maxBytes;
  private final Time time;
  private final QuarantineRequests requests;
  private final AskedKeys asked;
  private final Map<DocumentKey, QuarantineEntry> entries;
  private final Set<DocumentKey> unsaved = new LinkedHashSet<>();
  private long bytes;
  private boolean isFull;
  private boolean endsCleanly;

  /**
   * Continues a file, or begins it with the first row.
   *
   * @param maxBytes its bound
   * @throws IOException if the file can't be read
   */
  public FileQuarantine(Path file, long maxBytes, Time time) throws IOException {
    this.file = file;
    this.maxBytes = maxBytes;
    this.time = time;
    this.requests = new QuarantineRequests(file);
    this.asked = new AskedKeys(file);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      DurableFiles.createFolders(folder);
    }
    QuarantineLog log = QuarantineLog.read(file);
    this.entries = log.entries();
    this.endsCleanly = log.endsCleanly();
    this.bytes = entries.values().stream().mapToLong(FileQuarantine::size).sum();
  }

  /**
   * What a file holds, as it will be once requests have taken effect that are open: for processes
   * that it does not belong to.
   */
  public static List<QuarantineEntry> look(Path file) throws IOException {
    Map<DocumentKey, QuarantineEntry> entries = QuarantineLog.read(file).entries();
    for (Request request : new QuarantineRequests(file).open()) {
      apply(request, entries);
    }
    return entries.values().stream().filter(FileQuarantine::isOpen).toList();
  }

  /** The keys of all rows that a file says are no documents, those included that were dropped. */
  public static Set<DocumentKey> keys(Path file) throws IOException {
    return QuarantineLog.read(file).entries().keySet();
  }

  private static boolean isOpen(QuarantineEntry entry) {
    return entry.state() != State.DROPPED;
  }

  @Override
  public synchronized void setAside(SetAside row) {
    resolveAsked(List.of(row.key()));
    QuarantineEntry before = entries.get(row.key());
    QuarantineEntry now =
        before == null ? QuarantineEntry.of(row, time.now()) : before.again(row, time.now());
    if (now.equals(before)) {
      return;
    }
    if (before == null || !before.isSameAs(row)) {
      LOG.warn("row {} of {} is set aside: {}; {}", row.id(), row.table(), row.reason(), row.fix());
    }
    long more = size(now) - (before == null ? 0 : size(before));
    if (before == null && bytes + more > maxBytes) {
      reportFull();
      return;
    }
    bytes += more;
    entries.put(row.key(), now);
    unsaved.add(row.key());
  }

  @Override
  public synchronized void save() {
    if (unsaved.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder(endsCleanly ? "" : "\n");
    for (DocumentKey key : unsaved) {
      QuarantineEntry entry = entries.get(key);
      lines.append(entry == null ? QuarantineLog.gone(key) : entry.json()).append('\n');
    }
    try {
      append(lines.toString().getBytes(StandardCharsets.UTF_8));
      unsaved.clear();
      endsCleanly = true;
    } catch (IOException e) {
      // Losing the notes must not cost the other rows; the log has them, and the next save too.
      LOG.error("{} could not be written: {}; it is tried again", file, e.toString(), e);
      endsCleanly = false;
    }
  }

  private void append(byte[] lines) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      if (channel.size() + lines.length <= maxBytes) {
        ByteBuffer buffer = ByteBuffer.wrap(lines);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(false);
        return;
      }
    }
    StringBuilder all = new StringBuilder();
    entries.values().forEach(entry -> all.append(entry.json()).append('\n'));
    DurableFiles.write(file, all.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public synchronized List<DocumentKey> toRetry() {
    Set<DocumentKey> keys = new LinkedHashSet<>();
    try {
      List<Request> open = requests.open();
      for (Request request : open) {
        unsaved.addAll(apply(request, entries));
      }
      save();
      if (unsaved.isEmpty()) {
        for (Request request : open) {
          QuarantineRequests.done(request);
        }
      }
      keys.addAll(asked.toRead());
    } catch (IOException | IllegalArgumentException e) {
      LOG.error("requests for {} could not be taken up: {}", file, e.toString(), e);
    }
    for (QuarantineEntry entry : entries.values()) {
      if (entry.state() == State.RETRY) {
        keys.add(entry.row().key());
      }
    }
    return List.copyOf(keys);
  }

  private void resolveAsked(Collection<DocumentKey> keys) {
    try {
      asked.resolve(keys);
    } catch (IOException e) {
      LOG.error("rows that were asked for are read once more by a later start: {}", e.toString());
    }
  }

  /** Lets a request take effect, and tells on which keys. */
  private static List<DocumentKey> apply(
      Request request, Map<DocumentKey, QuarantineEntry> entries) {
    State state =
        switch (request.wish()) {
          case RETRY -> State.RETRY;
          case DROP -> State.DROPPED;
        };
    List<DocumentKey> changed = new ArrayList<>();
    for (DocumentKey key : request.keys()) {
      if (state == State.RETRY && key.equals(DocumentKey.EMPTY)) {
        // Rows without an identity can't be read by it.
        continue;
      }
      if (entries.computeIfPresent(key, (same, entry) -> entry.with(state)) != null) {
        changed.add(key);
      }
    }
    return changed;
  }

  @Override
  public synchronized void resolve(Collection<DocumentKey> keys) {
    resolveAsked(keys);
    for (DocumentKey key : keys) {
      QuarantineEntry entry = entries.remove(key);
      if (entry != null) {
        LOG.info("row {} of {} is no longer set aside", entry.row().id(), entry.row().table());
        bytes -= size(entry);
        isFull = false;
        unsaved.add(key);
      }
    }
    save();
  }

  /** How many rows are set aside, those that were dropped not counted. */
  public synchronized int rows() {
    return (int) entries.values().stream().filter(FileQuarantine::isOpen).count();
  }

  /** How many of those were set aside first after this moment. */
  public synchronized int rowsSince(Instant since) {
    return (int)
        entries.values().stream()
            .filter(entry -> isOpen(entry) && entry.first().isAfter(since))
            .count();
  }

  private static long size(QuarantineEntry entry) {
    return entry.json().getBytes(StandardCharsets.UTF_8).length + 1L;
  }

  private void reportFull() {
    if (!isFull) {
      isFull = true;
      LOG.error(
          "{} has reached its {} bytes (quarantine.max_size): further rows that are set aside are"
              + " only logged, until rows in it are corrected",
          file,
          maxBytes);
    }
  }
}
