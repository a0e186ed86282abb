package freshet.indexer.bulk;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.schema.DocumentMaker;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.IOUtils;

/**
 * The index of one city while it is loaded. A city is written by one thread at a time, so that it
 * has one buffer and a small one ends as one segment; one that has grown large by several, so that
 * they need not wait for each other. Thread-safe.
 */
final class CityLoad {
  private static final long LARGE = 20_000;

  private final City city;
  private final Directory directory;
  private final IndexWriter writer;
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicBoolean flushing = new AtomicBoolean();
  private final AtomicLong bufferedBytes = new AtomicLong();
  private final long collectedBytes;
  private final Consumer<BatchCounts.Rejected> rejected;
  private List<SourceDocument> collected = new ArrayList<>();
  private long bytes;

  CityLoad(
      City city,
      Directory directory,
      IndexWriter writer,
      long collectedBytes,
      Consumer<BatchCounts.Rejected> rejected) {
    this.city = city;
    this.directory = directory;
    this.writer = writer;
    this.collectedBytes = collectedBytes;
    this.rejected = rejected;
  }

  City city() {
    return city;
  }

  /**
   * Keeps documents until there are enough: while the documents of one city are added in a row, its
   * writer's tables of terms stay in the processor's caches.
   *
   * @return what is to be added now; nothing while there are too few
   */
  synchronized List<SourceDocument> collect(List<SourceDocument> documents) {
    collected.addAll(documents);
    for (SourceDocument document : documents) {
      bytes += document.estimatedBytes();
    }
    return bytes < collectedBytes ? List.of() : takeCollected();
  }

  private synchronized List<SourceDocument> takeCollected() {
    List<SourceDocument> taken = collected;
    collected = new ArrayList<>();
    bytes = 0;
    return taken;
  }

  /** Adds what is kept. */
  void addCollected(DocumentMaker maker) throws IOException {
    add(takeCollected(), maker);
  }

  /**
   * Adds documents if no other thread is doing so, or it does not matter.
   *
   * @return whether they were added
   */
  boolean tryAdd(List<SourceDocument> documents, DocumentMaker maker) throws IOException {
    boolean isLarge = writer.getDocStats().maxDoc >= LARGE;
    if (!isLarge && !turn.tryLock()) {
      return false;
    }
    try {
      write(documents, maker);
      return true;
    } finally {
      if (!isLarge) {
        turn.unlock();
      }
    }
  }

  /** Adds documents as soon as no other thread is doing so. */
  void add(List<SourceDocument> documents, DocumentMaker maker) throws IOException {
    turn.lock();
    try {
      write(documents, maker);
    } finally {
      turn.unlock();
    }
  }

  /** What its documents that are not flushed take, as of the last call. */
  long bufferedBytes() {
    return bufferedBytes.get();
  }

  /** The same as of now; returns how much more it is. */
  long measure() {
    long now = writer.ramBytesUsed();
    return now - bufferedBytes.getAndSet(now);
  }

  boolean isFlushing() {
    return flushing.get();
  }

  /** Writes its largest buffer to disk, unless another thread is doing so. */
  void flush() throws IOException {
    if (flushing.compareAndSet(false, true)) {
      try {
        writer.flushNextBuffer();
      } finally {
        flushing.set(false);
      }
    }
  }

  /** Makes everything durable, under this user data. */
  void commit(Map<String, String> userData) throws IOException {
    writer.setLiveCommitData(userData.entrySet());
    writer.commit();
  }

  /** Whether it has no document, but perhaps such as Lucene refused. */
  boolean isEmpty() throws IOException {
    // Before, refused ones count too.
    writer.flush();
    return writer.getDocStats().numDocs == 0;
  }

  /** Closes it; what is not committed is gone. */
  void close() throws IOException {
    IOUtils.close(writer::rollback, directory);
  }

  private void write(List<SourceDocument> documents, DocumentMaker maker) throws IOException {
    for (SourceDocument document : documents) {
      try {
        writer.addDocument(
            maker.of(document.key(), document.version(), document.digest(), document.values()));
      } catch (IllegalArgumentException e) {
        // Lucene refuses this one document (a term of more than 32,766 bytes, say) and stays
        // usable.
        rejected.accept(new BatchCounts.Rejected(document.key(), String.valueOf(e.getMessage())));
      }
    }
  }
}
