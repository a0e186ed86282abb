package freshet.indexer.build;

import freshet.indexer.merge.IndexMerges;
import freshet.indexer.merge.MergeTurn;
import freshet.indexer.route.CityBatch;
import freshet.indexer.route.KeySource;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.publish.CityCommit;
import freshet.replicator.schema.CommitData;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.SourcePosition;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexCommit;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.jspecify.annotations.Nullable;

/**
 * One city's working index. Applying a batch and committing it is one critical section under this
 * object's lock; merging runs outside of it. Thread-safe.
 */
final class CityIndex {
  private final City city;
  private final WriterSettings settings;
  private final IndexMerges merges;
  private final OpenIndex open;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicBoolean hasFinishedMerge = new AtomicBoolean();
  private final AtomicInteger merging = new AtomicInteger();
  private volatile boolean damaged;
  private boolean closed;
  private volatile @Nullable WorkingCity last;

  CityIndex(City city, Path folder, WriterSettings settings, @Nullable WorkingCity last) {
    this.city = city;
    this.settings = settings;
    this.merges = new IndexMerges(settings.merges(), settings.fingerprint());
    this.open = new OpenIndex(folder, settings, merges);
    this.last = last;
  }

  City city() {
    return city;
  }

  /** Its last commit; empty before the first. */
  Optional<WorkingCity> last() {
    return Optional.ofNullable(last);
  }

  /** Whether its files were found to be unusable. */
  boolean isDamaged() {
    return damaged;
  }

  /** Notes that its last commit is unusable. */
  void markDamaged() {
    damaged = true;
  }

  /** Applies and commits what is new of a batch. Never throws: a failure is an outcome. */
  CityOutcome apply(CityBatch batch, SourcePosition position) {
    lock.lock();
    try {
      Comparison news = Comparison.of(reader(), batch);
      if (news.isEmpty()) {
        return new CityOutcome.Unchanged(news.counts());
      }
      return commitBatch(news, position);
    } catch (IOException | RuntimeException e) {
      damaged |= last != null && isDamage(e);
      discard(e);
      return new CityOutcome.Failed(e);
    } finally {
      lock.unlock();
    }
  }

  /** What a batch would change. */
  BatchCounts compare(CityBatch batch) throws IOException {
    lock.lock();
    try {
      return Comparison.of(reader(), batch).counts();
    } finally {
      lock.unlock();
    }
  }

  /** The versions of those of these documents that the last commit holds. */
  Map<DocumentKey, Long> versions(Collection<DocumentKey> keys) throws IOException {
    if (!lock.tryLock()) {
      // A batch is being built, for who knows how long: the poll that asks does not wait for it.
      try (OpenIndex beside = new OpenIndex(open.folder(), settings, merges)) {
        return last == null ? Map.of() : versions(beside.reader(), keys);
      }
    }
    try {
      DirectoryReader open = reader();
      return open == null ? Map.of() : versions(open, keys);
    } catch (IOException | RuntimeException e) {
      damaged |= isDamage(e);
      discard(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private static Map<DocumentKey, Long> versions(
      DirectoryReader reader, Collection<DocumentKey> keys) throws IOException {
    Map<DocumentKey, Long> versions = new HashMap<>();
    Stored.find(reader, keys).forEach((key, stored) -> versions.put(key, stored.version()));
    return versions;
  }

  /** Whether a merge has finished that no commit has yet. */
  boolean hasFinishedMerge() {
    return hasFinishedMerge.get();
  }

  /** Commits a merge that has finished, if there is one. Never throws: a failure is an outcome. */
  CityOutcome commitMerge() {
    lock.lock();
    try {
      Optional<IndexWriter> writer = open.openWriter();
      if (writer.isEmpty() || !hasFinishedMerge.getAndSet(false)) {
        return new CityOutcome.Unchanged(BatchCounts.NONE);
      }
      writer.get().commit();
      return new CityOutcome.Committed(committed(), BatchCounts.NONE);
    } catch (IOException | RuntimeException e) {
      discard(e);
      return new CityOutcome.Failed(e);
    } finally {
      lock.unlock();
    }
  }

  /** The last commit, held. */
  CityCommit hold() throws IOException {
    lock.lock();
    try {
      return held(open.reader());
    } finally {
      lock.unlock();
    }
  }

  void release(CityCommit commit) {
    open.release(commit);
  }

  /** Begins a new history with what is on disk, by a commit that says so. */
  void beginHistory(SourcePosition position) throws IOException {
    lock.lock();
    try {
      IndexWriter writer = open.writer();
      writeData(writer, position, settings.newIncarnation());
      writer.commit();
      release(committed());
    } catch (IOException | RuntimeException e) {
      discard(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of the smallest merge that is due as of the last commit; empty if none is. */
  OptionalLong mergeDue() throws IOException {
    lock.lock();
    try {
      return closed || last == null || damaged ? OptionalLong.empty() : merges.due(open.segments());
    } finally {
      lock.unlock();
    }
  }

  /** Runs one merge, while batches and other merges go on. */
  void merge(MergeTurn turn) throws IOException {
    IndexWriter writer;
    lock.lock();
    try {
      if (closed || last == null) {
        return;
      }
      writer = open.writer();
      merging.incrementAndGet();
    } finally {
      lock.unlock();
    }
    try {
      merges.run(writer, turn);
      if (turn.hasMerged()) {
        hasFinishedMerge.set(true);
      }
    } catch (IOException | RuntimeException e) {
      discardIfOpen(writer, e);
      throw e;
    } finally {
      merging.decrementAndGet();
    }
  }

  /** Closes what is open, unless a merge would be lost by that. */
  boolean closeIfIdle() {
    if (merging.get() > 0 || hasFinishedMerge.get() || !lock.tryLock()) {
      return false;
    }
    try {
      if (merging.get() > 0 || hasFinishedMerge.get()) {
        return false;
      }
      discard(null);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Closes what is open; what is not committed is gone. */
  void close() {
    lock.lock();
    try {
      closed = true;
      discard(null);
    } finally {
      lock.unlock();
    }
  }

  /** Removes the index from disk. */
  void delete() throws IOException {
    lock.lock();
    try {
      discard(null);
      last = null;
      DurableFiles.deleteTree(open.folder());
      damaged = false;
    } finally {
      lock.unlock();
    }
  }

  /** Tells every live document. */
  void forEachKey(KeySource.Sink sink) throws IOException {
    lock.lock();
    try {
      DirectoryReader reader = reader();
      if (reader != null) {
        LiveKeys.tell(city, reader, sink);
      }
    } catch (IOException | RuntimeException e) {
      damaged |= isDamage(e);
      discard(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Lucene closes a writer whose merge failed: the next batch is to find another one. */
  private void discardIfOpen(IndexWriter writer, Exception because) {
    lock.lock();
    try {
      if (open.openWriter().filter(writer::equals).isPresent()) {
        discard(because);
      }
    } finally {
      lock.unlock();
    }
  }

  private CityOutcome commitBatch(Comparison news, SourcePosition position) throws IOException {
    IndexWriter writer = open.writer();
    BatchCounts counts = BatchWriter.write(news, writer, settings.schema());
    if (counts.rejected().size() == counts.applied()) {
      return new CityOutcome.Unchanged(counts);
    }
    WorkingCity before = last;
    writeData(writer, position, before == null ? settings.newIncarnation() : before.incarnation());
    // A merge that ended before this commit is part of it.
    hasFinishedMerge.set(false);
    writer.commit();
    return new CityOutcome.Committed(committed(), counts);
  }

  private void writeData(IndexWriter writer, SourcePosition position, Incarnation incarnation) {
    WorkingCity before = last;
    long batches = before == null ? 1 : before.batches() + 1;
    CommitData data = new CommitData(city, incarnation, settings.schemaDigest(), position);
    writer.setLiveCommitData(WorkingCity.userData(data, batches).entrySet());
  }

  private CityCommit committed() throws IOException {
    DirectoryReader reader = open.newReader();
    IndexCommit commit = reader.getIndexCommit();
    last = WorkingCity.of(commit.getUserData(), commit.getGeneration(), open.folder().toString());
    return held(reader);
  }

  private CityCommit held(DirectoryReader reader) throws IOException {
    WorkingCity at = Objects.requireNonNull(last, "a commit");
    IndexCommit commit = reader.getIndexCommit();
    open.hold(commit.getGeneration());
    return new CityCommit(
        city,
        at.incarnation(),
        commit.getGeneration(),
        commit.getSegmentsFileName(),
        open.folder(),
        List.copyOf(commit.getFileNames()),
        reader.numDocs(),
        reader.numDeletedDocs(),
        at.data().position(),
        merges.recipes());
  }

  private @Nullable DirectoryReader reader() throws IOException {
    return last == null ? null : open.reader();
  }

  /** Closes everything. The next use finds on disk what was committed. */
  private void discard(@Nullable Exception because) {
    hasFinishedMerge.set(false);
    try {
      open.rollback();
    } catch (IOException | RuntimeException e) {
      suppress(because, e);
    }
    try {
      if (because != null && !damaged && open.hasDirectory()) {
        // The failure may have come after the commit took effect: what is on disk decides.
        last = open.lastCommit();
      }
    } catch (IOException | RuntimeException e) {
      damaged = true;
      suppress(because, e);
    }
    try {
      open.close();
    } catch (IOException | RuntimeException e) {
      damaged |= because != null;
      suppress(because, e);
    }
  }

  private static void suppress(@Nullable Exception because, Exception e) {
    if (because != null && !because.equals(e)) {
      because.addSuppressed(e);
    }
  }

  static boolean isDamage(Exception e) {
    return e instanceof CorruptIndexException
        || e instanceof IndexFormatTooOldException
        || e instanceof IndexFormatTooNewException
        || e instanceof FileNotFoundException
        || e instanceof NoSuchFileException;
  }
}
