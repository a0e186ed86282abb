package freshet.replicator.alert;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.incident.Notice;
import freshet.replicator.runtime.Count;
import freshet.replicator.sink.Message;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one sink: a file for each message, in the order of their numbers. It is bounded:
 * an incident that began and ended meanwhile goes first, then the oldest message that is not
 * critical, and the next one that arrives tells how many went. Where the disk is full, of which the
 * message may well be, messages wait in memory alone. Thread-safe.
 */
final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final Pattern NAME = Pattern.compile("\\d{18}\\.json");
  private static final String DROPPED = "dropped";

  private final Path folder;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeMap<Long, Notice> waiting = new TreeMap<>();
  private long dropped;
  private long wakes;

  /**
   * The message whose turn it is.
   *
   * @param number of it
   * @param message with what was dropped before it
   */
  record Head(long number, Message message) {}

  /** Goes on with what an earlier process left. */
  Outbox(Path folder, int most) {
    this.folder = folder;
    this.most = most;
    try {
      DurableFiles.createFolders(folder);
      DurableFiles.removeTemporary(folder);
      load();
    } catch (IOException e) {
      LOG.error(
          "{} can't be read ({}): messages that wait there are not sent", folder, e.toString());
    }
  }

  /** Takes a notice; one of the same number that waits already is the same one. */
  void add(long number, Notice notice) {
    lock.lock();
    try {
      if (waiting.putIfAbsent(number, notice) != null) {
        return;
      }
      write(file(number), SnapshotCodec.write(notice));
      while (waiting.size() > most) {
        victims().forEach(this::drop);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The oldest message. */
  Optional<Head> head() {
    lock.lock();
    try {
      Map.Entry<Long, Notice> first = waiting.firstEntry();
      return first == null
          ? Optional.empty()
          : Optional.of(new Head(first.getKey(), new Message(first.getValue(), dropped)));
    } finally {
      lock.unlock();
    }
  }

  /** It has arrived, and so has the count that it carried. */
  void delivered(Head head) {
    lock.lock();
    try {
      remove(head.number());
      if (head.message().dropped() > 0) {
        dropped -= head.message().dropped();
        noteDropped();
      }
    } finally {
      lock.unlock();
    }
  }

  /** It will never arrive. */
  void refused(Head head) {
    lock.lock();
    try {
      if (waiting.containsKey(head.number())) {
        drop(head.number());
      }
    } finally {
      lock.unlock();
    }
  }

  /** The highest number of those that wait; zero if none does. */
  long newest() {
    lock.lock();
    try {
      return waiting.isEmpty() ? 0 : waiting.lastKey();
    } finally {
      lock.unlock();
    }
  }

  /** How many wait. */
  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many were dropped that no message has told of yet. */
  long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a message, at most that long, or until {@link #wake}. */
  void await(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long before = wakes;
      long left = atMost.toNanos();
      while (waiting.isEmpty() && wakes == before && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nothing waits here, at most that long.
   *
   * @return whether nothing does
   */
  boolean awaitEmpty(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (!waiting.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Ends waits. */
  void wake() {
    lock.lock();
    try {
      wakes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void load() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> NAME.matcher(name(each)).matches()).toList()) {
        try {
          Notice notice =
              SnapshotCodec.read(Files.readAllBytes(file), Notice.class, file.toString());
          waiting.put(Long.parseLong(name(file).replace(".json", "")), notice);
        } catch (FormatException e) {
          LOG.error("{}; it is not sent", e.getMessage());
          DurableFiles.delete(file);
          dropped++;
        }
      }
    }
    Path count = folder.resolve(DROPPED);
    if (Files.exists(count)) {
      dropped += count(count);
    }
    if (!waiting.isEmpty()) {
      LOG.info(
          "{} in {} since before this start",
          Count.of(waiting.size(), "message waits", "messages wait"),
          folder);
    }
  }

  /** One that is damaged counts as one message: a node must start. */
  private static long count(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      LOG.error("{} is damaged: a number is expected, found '{}'", file, text);
      return 1;
    }
  }

  /**
   * All of the oldest incident whose begin and end both wait: without its end it would stay open
   * for ever where it is told. Else the oldest message that is not critical.
   */
  private List<Long> victims() {
    List<Long> whole = ofEndedIncident();
    return whole.isEmpty()
        ? List.of(
            waiting.entrySet().stream()
                .filter(entry -> !entry.getValue().isCritical())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(waiting::firstKey))
        : whole;
  }

  private List<Long> ofEndedIncident() {
    Map<String, List<Long>> begun = new HashMap<>();
    List<Long> oldest = List.of();
    // Whose turn it is may arrive just now, and then wants its end, too.
    for (Map.Entry<Long, Notice> entry : waiting.tailMap(waiting.firstKey(), false).entrySet()) {
      String incident = entry.getValue().incident().id();
      if (entry.getValue().event() == Notice.Event.FIRING) {
        begun.put(incident, new ArrayList<>());
      }
      List<Long> numbers = begun.get(incident);
      if (numbers == null) {
        continue;
      }
      numbers.add(entry.getKey());
      boolean isOver = entry.getValue().event() == Notice.Event.RESOLVED;
      if (isOver && (oldest.isEmpty() || numbers.getFirst() < oldest.getFirst())) {
        oldest = numbers;
      }
    }
    return oldest;
  }

  private void drop(long number) {
    Notice notice = waiting.get(number);
    LOG.error(
        "{}: a message is dropped, at most {} wait: {}",
        folder,
        most,
        notice == null ? number : notice.text());
    remove(number);
    dropped++;
    noteDropped();
  }

  private void remove(long number) {
    waiting.remove(number);
    changed.signalAll();
    try {
      DurableFiles.delete(file(number));
    } catch (IOException e) {
      LOG.error(
          "{} can't be removed ({}): it is sent again after a restart", file(number), e.toString());
    }
  }

  private void noteDropped() {
    write(folder.resolve(DROPPED), Long.toString(dropped).getBytes(StandardCharsets.UTF_8));
  }

  private void write(Path file, byte[] bytes) {
    try {
      DurableFiles.write(file, bytes);
    } catch (IOException e) {
      LOG.error("{} can't be written ({}): a kill would lose it", file, e.toString());
    }
  }

  private Path file(long number) {
    return folder.resolve("%018d.json".formatted(number));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
