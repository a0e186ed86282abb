package freshet.indexer.build;

import freshet.indexer.route.CityBatch;
import freshet.indexer.route.KeySource;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.publish.CityCommit;
import freshet.replicator.schema.CommitData;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.SourcePosition;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexCommit;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * One city's working index. Applying a batch and committing it is one critical section under this
 * object's lock; merging runs outside of it. Thread-safe.
 */
final class CityIndex {
  private final City city;
  private final Path folder;
  private final WriterSettings settings;
  private final HeldCommits held = new HeldCommits();
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicBoolean hasFinishedMerge = new AtomicBoolean();
  private final AtomicLong mergedSegments = new AtomicLong();
  private volatile boolean merging;
  private volatile boolean damaged;
  private boolean closed;
  private volatile @Nullable WorkingCity last;
  private @Nullable Directory directory;
  private @Nullable IndexWriter writer;
  private @Nullable DirectoryReader reader;

  CityIndex(City city, Path folder, WriterSettings settings, @Nullable WorkingCity last) {
    this.city = city;
    this.folder = folder;
    this.settings = settings;
    this.last = last;
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
    lock.lock();
    try {
      DirectoryReader open = reader();
      Map<DocumentKey, Long> versions = new HashMap<>();
      if (open != null) {
        Stored.find(open, keys).forEach((key, stored) -> versions.put(key, stored.version()));
      }
      return versions;
    } catch (IOException | RuntimeException e) {
      damaged |= isDamage(e);
      discard(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Commits a merge that has finished, if there is one. */
  Optional<CityCommit> commitMerge() throws IOException {
    lock.lock();
    try {
      IndexWriter open = writer;
      if (open == null || !hasFinishedMerge.getAndSet(false)) {
        return Optional.empty();
      }
      open.commit();
      return Optional.of(committed());
    } catch (IOException | RuntimeException e) {
      discard(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** The last commit, held. */
  CityCommit hold() throws IOException {
    lock.lock();
    try {
      return held(Objects.requireNonNull(reader(), "a commit"));
    } finally {
      lock.unlock();
    }
  }

  void release(CityCommit commit) {
    held.release(commit.commit());
  }

  /** Begins a new history with what is on disk, by a commit that says so. */
  void beginHistory(SourcePosition position) throws IOException {
    lock.lock();
    try {
      writeData(writer(), position, settings.newIncarnation());
      writer().commit();
      release(committed());
    } catch (IOException | RuntimeException e) {
      discard(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Merges what is due, while batches go on. */
  void merge() throws IOException {
    IndexWriter open;
    lock.lock();
    try {
      if (closed || last == null) {
        return;
      }
      merging = true;
      open = writer();
    } catch (IOException | RuntimeException e) {
      merging = false;
      throw e;
    } finally {
      lock.unlock();
    }
    long before = mergedSegments.get();
    try {
      open.maybeMerge();
    } catch (AlreadyClosedException e) {
      // A batch failed meanwhile, or the city was closed: the merge is void, and due again.
      return;
    } finally {
      merging = false;
    }
    if (mergedSegments.get() != before) {
      hasFinishedMerge.set(true);
    }
  }

  /** Closes what is open, unless a merge would be lost by that. */
  boolean closeIfIdle() {
    if (merging || hasFinishedMerge.get() || !lock.tryLock()) {
      return false;
    }
    try {
      if (merging || hasFinishedMerge.get()) {
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
      DurableFiles.deleteTree(folder);
      damaged = false;
    } finally {
      lock.unlock();
    }
  }

  /** Tells every live document. */
  void forEachKey(KeySource.Sink sink) throws IOException {
    lock.lock();
    try {
      DirectoryReader open = reader();
      if (open == null) {
        return;
      }
      for (LeafReaderContext leaf : open.leaves()) {
        forEachKey(leaf, sink);
      }
    } catch (IOException | RuntimeException e) {
      damaged |= isDamage(e);
      discard(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void forEachKey(LeafReaderContext leaf, KeySource.Sink sink) throws IOException {
    Terms terms = leaf.reader().terms(DocumentFields.ID);
    if (terms == null) {
      return;
    }
    Bits live = leaf.reader().getLiveDocs();
    TermsEnum at = terms.iterator();
    PostingsEnum postings = null;
    while (at.next() != null) {
      postings = at.postings(postings, PostingsEnum.NONE);
      for (int doc = postings.nextDoc();
          doc != DocIdSetIterator.NO_MORE_DOCS;
          doc = postings.nextDoc()) {
        if (live == null || live.get(doc)) {
          sink.accept(city, at.term());
        }
      }
    }
  }

  private CityOutcome commitBatch(Comparison news, SourcePosition position) throws IOException {
    IndexWriter open = writer();
    List<BatchCounts.Rejected> rejected = new ArrayList<>();
    for (SourceDocument document : news.added()) {
      addOrReject(rejected, document, lucene -> open.addDocument(lucene));
    }
    for (SourceDocument document : news.replaced()) {
      addOrReject(
          rejected,
          document,
          lucene -> open.updateDocument(DocumentFields.idTerm(document.key()), lucene));
    }
    for (var key : news.removed()) {
      open.deleteDocuments(DocumentFields.idTerm(key));
    }
    BatchCounts all = news.counts();
    BatchCounts counts =
        new BatchCounts(
            all.added(),
            all.replaced(),
            all.removed(),
            all.rescued(),
            all.equal(),
            all.absent(),
            rejected);
    if (rejected.size() == all.applied()) {
      return new CityOutcome.Unchanged(counts);
    }
    WorkingCity before = last;
    writeData(open, position, before == null ? settings.newIncarnation() : before.incarnation());
    // A merge that ended before this commit is part of it.
    hasFinishedMerge.set(false);
    open.commit();
    return new CityOutcome.Committed(committed(), counts);
  }

  private interface Step {
    void run(Document document) throws IOException;
  }

  private void addOrReject(List<BatchCounts.Rejected> rejected, SourceDocument document, Step step)
      throws IOException {
    try {
      step.run(
          settings
              .fields()
              .toLucene(document.key(), document.version(), document.digest(), document.values()));
    } catch (IllegalArgumentException e) {
      // Lucene refuses this one document (a term of more than 32,766 bytes, say) and stays usable.
      rejected.add(new BatchCounts.Rejected(document.key(), String.valueOf(e.getMessage())));
    }
  }

  private void writeData(IndexWriter open, SourcePosition position, Incarnation incarnation) {
    WorkingCity before = last;
    long batches = before == null ? 1 : before.batches() + 1;
    CommitData data = new CommitData(city, incarnation, settings.schemaDigest(), position);
    open.setLiveCommitData(WorkingCity.userData(data, batches).entrySet());
  }

  private CityCommit committed() throws IOException {
    DirectoryReader before = reader;
    DirectoryReader after =
        before == null ? DirectoryReader.open(directory()) : DirectoryReader.openIfChanged(before);
    if (before != null && after != null) {
      before.close();
    }
    DirectoryReader now = Objects.requireNonNull(after == null ? before : after);
    reader = now;
    IndexCommit commit = now.getIndexCommit();
    last = WorkingCity.of(commit.getUserData(), commit.getGeneration(), folder.toString());
    return held(now);
  }

  private CityCommit held(DirectoryReader open) throws IOException {
    WorkingCity at = Objects.requireNonNull(last, "a commit");
    IndexCommit commit = open.getIndexCommit();
    held.hold(commit.getGeneration());
    return new CityCommit(
        city,
        at.incarnation(),
        commit.getGeneration(),
        commit.getSegmentsFileName(),
        folder,
        List.copyOf(commit.getFileNames()),
        open.numDocs(),
        open.numDeletedDocs(),
        at.data().position());
  }

  private @Nullable DirectoryReader reader() throws IOException {
    if (reader == null && last != null) {
      reader = DirectoryReader.open(directory());
    }
    return reader;
  }

  private IndexWriter writer() throws IOException {
    IndexWriter open = writer;
    if (open == null) {
      DurableFiles.createFolders(folder);
      open = settings.open(directory(), held, mergedSegments::incrementAndGet);
      writer = open;
    }
    return open;
  }

  private Directory directory() throws IOException {
    Directory open = directory;
    if (open == null) {
      open = settings.directories().open(folder);
      directory = open;
    }
    return open;
  }

  /** Closes everything. The next use finds on disk what was committed. */
  private void discard(@Nullable Exception because) {
    IndexWriter oldWriter = writer;
    DirectoryReader oldReader = reader;
    Directory oldDirectory = directory;
    writer = null;
    reader = null;
    directory = null;
    hasFinishedMerge.set(false);
    try {
      if (oldWriter != null) {
        oldWriter.rollback();
      }
    } catch (IOException | RuntimeException e) {
      suppress(because, e);
    }
    try {
      if (oldReader != null) {
        oldReader.close();
      }
      if (oldDirectory != null) {
        if (because != null && !damaged) {
          // The failure may have come after the commit took effect: what is on disk decides.
          last = WriterSettings.lastCommit(oldDirectory, folder).orElse(null);
        }
        oldDirectory.close();
      }
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
