package freshet.indexer.benchmark.build;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.schema.ContentDigest;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexCommit;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.NoLockFactory;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a repository publishes with the table: in each city the digest over id, version and
 * values (as stored, or by the content digest where they are not), and how many documents term
 * queries find; and runs CheckIndex.
 */
public final class ContentCheck {
  private final LocalRepository repository;
  private final DocumentFields fields;
  private final boolean isStored;

  private ContentCheck(LocalRepository repository, boolean isStored, Snapshot snapshot)
      throws IOException {
    this.repository = repository;
    this.fields = new DocumentFields(repository.schema(snapshot.manifest().schema()));
    this.isStored = isStored;
  }

  /**
   * Compares everything that a master published.
   *
   * @throws WrongContent at the first difference
   */
  static void pass(MasterFolder master) throws IOException, SQLException, WrongContent {
    pass(master, master.repository());
  }

  /**
   * Compares everything in a slave's store, or in the master's own repository.
   *
   * @throws WrongContent at the first difference
   */
  public static void pass(MasterFolder master, LocalRepository store)
      throws IOException, SQLException, WrongContent {
    Snapshot snapshot =
        store
            .latestSnapshot()
            .orElseThrow(() -> new WrongContent(store.layout().root() + ": there is no snapshot"));
    SortedMap<String, Content> expected = Content.of(master.table());
    ContentCheck check = new ContentCheck(store, master.fields().isStored(), snapshot);
    for (CityEntry entry : snapshot.cities().values()) {
      Content content = expected.remove(entry.city().name());
      if (content == null && entry.documents() > 0) {
        throw new WrongContent("city " + entry.city() + " is published, but not in the table");
      }
      if (content != null) {
        check.city(entry, content);
      }
    }
    if (!expected.isEmpty()) {
      throw new WrongContent("these cities are not published: " + expected.keySet());
    }
  }

  private void city(CityEntry entry, Content expected) throws IOException, WrongContent {
    CityManifest manifest = repository.cityManifest(entry);
    Path folder = repository.layout().incarnation(entry.city(), entry.incarnation());
    try (Directory directory = FSDirectory.open(folder, NoLockFactory.INSTANCE)) {
      try (DirectoryReader reader =
          DirectoryReader.open(commit(directory, manifest.segmentsFile()))) {
        require(entry, "documents", expected.documents(), reader.numDocs());
        require(entry, "the digest", expected.digest(), digest(reader));
        IndexSearcher searcher = new IndexSearcher(reader);
        for (Map.Entry<String, Integer> term : expected.documentsByTerm().entrySet()) {
          int found = searcher.count(new TermQuery(new Term("body", term.getKey())));
          require(entry, "documents with '" + term.getKey() + "'", term.getValue(), found);
        }
      }
      try (CheckIndex check = new CheckIndex(directory)) {
        if (!check.checkIndex().clean) {
          throw new WrongContent("city " + entry.city() + ": CheckIndex is not clean: " + folder);
        }
      }
    }
  }

  private static IndexCommit commit(Directory directory, String segmentsFile) throws IOException {
    for (IndexCommit commit : DirectoryReader.listCommits(directory)) {
      if (commit.getSegmentsFileName().equals(segmentsFile)) {
        return commit;
      }
    }
    throw new IOException(directory + " has no commit " + segmentsFile);
  }

  private long digest(DirectoryReader reader) throws IOException {
    long digest = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      LeafReader segment = leaf.reader();
      Bits live = segment.getLiveDocs();
      NumericDocValues versions = segment.getNumericDocValues(DocumentFields.VERSION);
      NumericDocValues digests = segment.getNumericDocValues(DocumentFields.DIGEST);
      StoredFields stored = segment.storedFields();
      for (int doc = 0; doc < segment.maxDoc(); doc++) {
        if (live != null && !live.get(doc)) {
          continue;
        }
        if (!versions.advanceExact(doc) || !digests.advanceExact(doc)) {
          throw new IOException("document " + doc + " of " + segment + " has no version or digest");
        }
        long content = isStored ? ContentDigest.of(values(stored, doc)) : digests.longValue();
        digest += Content.hash(id(stored, doc), versions.longValue(), content);
      }
    }
    return digest;
  }

  private long id(StoredFields stored, int doc) throws IOException {
    IndexSchema schema = fields.schema();
    return (Long) schema.keyCodec().decode(DocumentFields.storedKey(stored, doc)).getFirst();
  }

  private List<@Nullable Object> values(StoredFields stored, int doc) throws IOException {
    Map<String, Object> byName = fields.stored(stored, doc);
    List<@Nullable Object> values = new ArrayList<>();
    for (FieldSpec field : fields.schema().fields()) {
      values.add(byName.get(field.name()));
    }
    return values;
  }

  private static void require(CityEntry entry, String what, long expected, long found)
      throws WrongContent {
    if (expected != found) {
      throw new WrongContent(
          "city %s, commit %d: %s: the index has %d, the table %d"
              .formatted(entry.city(), entry.commit(), what, found, expected));
    }
  }
}
