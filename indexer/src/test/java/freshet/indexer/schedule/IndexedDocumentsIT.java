package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.IndexDirectories;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.ChangeSource;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.OverlapWindow;
import freshet.indexer.source.StoredDocuments;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a poll is told of the working indexes. */
class IndexedDocumentsIT {
  @TempDir Path root;

  private final FakeChangeSource table = new FakeChangeSource();

  /** Keeps what the cycle hands to the source. */
  private static final class Listening implements ChangeSource {
    private final ChangeSource source;
    private StoredDocuments stored = StoredDocuments.NONE;

    Listening(ChangeSource source) {
      this.source = source;
    }

    @Override
    public ChangeBatch poll(SourcePosition from, OverlapWindow window, StoredDocuments indexed)
        throws SourceException {
      stored = indexed;
      return source.poll(from, window, indexed);
    }

    @Override
    public void close() {
      source.close();
    }
  }

  private static List<DocumentKey> keys(long... ids) {
    return LongStream.of(ids).mapToObj(FakeChangeSource::key).toList();
  }

  private Master start(ChangeSource source) throws Exception {
    return Master.start(root, source, IndexDirectories.FILES, new SystemTime());
  }

  @Test
  void keysAndVersionsAreThoseOfTheLastCommits() throws Exception {
    Listening source = new Listening(table);
    try (Master master = start(source)) {
      for (int id = 1; id <= 20; id++) {
        table.put(id, id % 2 == 0 ? "even" : "odd", "title " + id);
      }
      master.settle();
      table.delete(4);
      table.put(5, "even", "moved");
      master.settle();

      StoredDocuments stored = source.stored;
      assertThat(stored.keysAfter(DocumentKey.EMPTY, 5)).isEqualTo(keys(1, 2, 3, 5, 6));
      assertThat(stored.keysAfter(FakeChangeSource.key(4), 2)).isEqualTo(keys(5, 6));
      assertThat(stored.keysAfter(FakeChangeSource.key(18), 9)).isEqualTo(keys(19, 20));
      assertThat(stored.keysAfter(FakeChangeSource.key(20), 9)).isEmpty();
      assertThat(stored.versions(keys(4, 5, 6, 77)))
          .isEqualTo(
              Map.of(
                  FakeChangeSource.key(5), Set.of(table.table().get(5L).version()),
                  FakeChangeSource.key(6), Set.of(table.table().get(6L).version())));
    }
  }

  @Test
  void routesThatWereLostAreThereBeforeThePoll() throws Exception {
    try (Master master = start(table)) {
      table.put(1, "a", "one");
      table.put(2, "b", "two");
      master.settle();
    }
    DurableFiles.deleteTree(Master.work(root, "routing"));
    Listening source = new Listening(table);
    try (Master master = start(source)) {
      master.cycle.run();
      assertThat(source.stored.keysAfter(DocumentKey.EMPTY, 9)).isEqualTo(keys(1, 2));
    }
  }
}
