package freshet.replicator.swap;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.lucene.index.IndexReader;
import org.jspecify.annotations.Nullable;

/** Opens all cities of a snapshot beside what is live, several at a time; all of them or none. */
final class SnapshotOpener {
  private final LocalRepository repository;
  private final ExecutorService openers;

  SnapshotOpener(LocalRepository repository, ExecutorService openers) {
    this.repository = repository;
    this.openers = openers;
  }

  /**
   * What was opened for a snapshot.
   *
   * @param fields of its schema
   * @param cities all of them, each held once
   * @param anew cities whose folder was opened anew
   * @param over cities that were opened over their previous reader
   */
  record Opened(
      DocumentFields fields, SortedMap<City, Shared<CityIndex>> cities, int anew, int over) {}

  /**
   * Opens, checks and warms every city that is not live already as it should be.
   *
   * @param old what is live, whose unchanged cities and segments are taken over; null at first
   * @param unusable cities of which nothing is taken over
   * @throws SwitchException if any city fails; then nothing stays open
   */
  Opened open(Snapshot snapshot, @Nullable LiveSnapshot old, Set<City> unusable)
      throws SwitchException {
    Digest schema = snapshot.manifest().schema();
    DocumentFields fields = fields(snapshot, old);
    CityOpener opener = new CityOpener(repository, schema, new Warmer(fields));
    SortedMap<City, Shared<CityIndex>> cities = new TreeMap<>();
    int anew = 0;
    int over = 0;
    Map<City, Future<Shared<CityIndex>>> tasks = new TreeMap<>();
    for (CityEntry entry : snapshot.cities().values()) {
      Shared<CityIndex> held =
          old == null || unusable.contains(entry.city()) ? null : old.held().get(entry.city());
      if (held != null && held.get().entry().hasSameFilesAs(entry)) {
        cities.put(entry.city(), held.retain());
        continue;
      }
      CityIndex previous = held == null ? null : held.get();
      if (previous != null && previous.entry().incarnation().equals(entry.incarnation())) {
        over++;
      } else {
        anew++;
      }
      tasks.put(entry.city(), openers.submit(() -> opener.open(entry, previous)));
    }
    Map<City, Exception> failures = collect(tasks, cities);
    if (!failures.isEmpty()) {
      SwitchException failure = failure(snapshot, old, failures);
      releaseAfter(failure, cities);
      throw failure;
    }
    return new Opened(fields, cities, anew, over);
  }

  private DocumentFields fields(Snapshot snapshot, @Nullable LiveSnapshot old)
      throws SwitchException {
    Digest schema = snapshot.manifest().schema();
    if (old != null && old.snapshot().manifest().schema().equals(schema)) {
      return old.fields();
    }
    try {
      return new DocumentFields(repository.schema(schema));
    } catch (IOException e) {
      String message =
          "snapshot %s not switched to: its schema: %s".formatted(snapshot.generation(), says(e));
      throw CityOpener.isDamage(e)
          ? new SwitchException.Damaged(message, Set.of(), e)
          : new SwitchException.Unreadable(message, e);
    }
  }

  /** Waits for every task, whatever fails, so that none is still opening when this returns. */
  private static Map<City, Exception> collect(
      Map<City, Future<Shared<CityIndex>>> tasks, Map<City, Shared<CityIndex>> into) {
    Map<City, Exception> failures = new TreeMap<>();
    boolean interrupted = false;
    for (Map.Entry<City, Future<Shared<CityIndex>>> task : tasks.entrySet()) {
      while (true) {
        try {
          into.put(task.getKey(), task.getValue().get());
          break;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          failures.put(task.getKey(), e.getCause() instanceof Exception cause ? cause : e);
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failures;
  }

  private static SwitchException failure(
      Snapshot snapshot, @Nullable LiveSnapshot old, Map<City, Exception> failures) {
    Map.Entry<City, Exception> first = failures.entrySet().iterator().next();
    Exception cause = first.getValue();
    boolean isDamage = failures.values().stream().anyMatch(CityOpener::isDamage);
    String others = failures.size() == 1 ? "" : " (and %d more)".formatted(failures.size() - 1);
    String message =
        "city %s%s: snapshot %s not switched to: %s; %s; %s"
            .formatted(
                first.getKey(),
                others,
                snapshot.generation(),
                says(cause),
                old == null ? "nothing is served" : old.generation() + " goes on being served",
                isDamage
                    ? "the next pull fetches what is wrong again"
                    : "it is tried again with the next pull");
    return isDamage
        ? new SwitchException.Damaged(message, failures.keySet(), cause)
        : new SwitchException.Unreadable(message, cause);
  }

  static String says(Exception failure) {
    String message = failure.getMessage();
    return failure instanceof java.nio.file.NoSuchFileException
        ? "there is no file " + message
        : message == null ? failure.toString() : message;
  }

  static void releaseAfter(Exception because, Map<City, Shared<CityIndex>> indexes) {
    releaseAfter(because, Map.of(), indexes);
  }

  /** The same, with readers over them. */
  static void releaseAfter(
      Exception because, Map<City, IndexReader> readers, Map<City, Shared<CityIndex>> indexes) {
    try {
      for (IndexReader reader : readers.values()) {
        reader.close();
      }
      LiveSnapshot.release(indexes);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }
}
