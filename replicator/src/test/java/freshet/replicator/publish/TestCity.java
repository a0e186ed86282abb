package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.schema.CommitData;
import freshet.replicator.schema.ContentDigest;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.schema.DocumentMaker;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.KeepOnlyLastCommitDeletionPolicy;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SnapshotDeletionPolicy;
import org.apache.lucene.store.FSDirectory;

/**
 * A working index of one city with real documents, whose commits can be published. Every commit is
 * held, so that none loses its files.
 */
public final class TestCity implements AutoCloseable {
  /** What all test cities are built by: a text, a keyword, a number. */
  public static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("tag", FieldType.KEYWORD, null, false, true, false),
              new FieldSpec("price", FieldType.LONG, null, false, true, true)),
          List.of("title"));

  private static final DocumentFields FIELDS = new DocumentFields(SCHEMA);

  private final City city;
  private final Incarnation incarnation;
  private final Path folder;
  private final FSDirectory directory;
  private final SnapshotDeletionPolicy held =
      new SnapshotDeletionPolicy(new KeepOnlyLastCommitDeletionPolicy());
  private final IndexWriter writer;

  /** Opens or makes the index in this folder; nothing merges by itself. */
  public TestCity(String name, Incarnation incarnation, Path folder) throws IOException {
    this.city = new City(name);
    this.incarnation = incarnation;
    this.folder = folder;
    this.directory = FSDirectory.open(folder);
    this.writer =
        new IndexWriter(
            directory,
            new IndexWriterConfig(FIELDS.analyzer())
                .setIndexDeletionPolicy(held)
                .setMergePolicy(NoMergePolicy.INSTANCE)
                .setCommitOnClose(false));
  }

  /** The city. */
  public City city() {
    return city;
  }

  /** Adds or replaces a document. */
  public TestCity put(long id, String title, long price) throws IOException {
    DocumentKey key = key(id);
    List<Object> values = Arrays.asList(title, "t" + id % 3, price);
    writer.updateDocument(
        DocumentFields.idTerm(key),
        new DocumentMaker(FIELDS.schema()).of(key, id, ContentDigest.of(values), values));
    return this;
  }

  /** Removes a document. */
  public TestCity remove(long id) throws IOException {
    writer.deleteDocuments(DocumentFields.idTerm(key(id)));
    return this;
  }

  /** A position that has read up to this version. */
  public static SourcePosition position(long version) {
    return new SourcePosition(
        "server-1", "", Cursor.START, new Cursor(version, DocumentKey.EMPTY), Map.of());
  }

  /** Commits, and describes the commit. */
  public CityCommit commit(long version) throws IOException {
    SourcePosition position = position(version);
    CommitData data =
        new CommitData(city, incarnation, Digest.of(SnapshotCodec.write(SCHEMA)), position);
    writer.setLiveCommitData(data.toUserData().entrySet());
    writer.commit();
    held.snapshot();
    SegmentInfos infos = SegmentInfos.readLatestCommit(directory);
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      return new CityCommit(
          city,
          incarnation,
          infos.getGeneration(),
          infos.getSegmentsFileName(),
          folder,
          List.copyOf(infos.files(true)),
          reader.numDocs(),
          reader.numDeletedDocs(),
          position);
    }
  }

  /** The same commit in the same files, as another view of the file system sees them. */
  public static CityCommit in(CityCommit commit, Path folder) {
    return new CityCommit(
        commit.city(),
        commit.incarnation(),
        commit.commit(),
        commit.segmentsFile(),
        folder,
        commit.files(),
        commit.documents(),
        commit.deletedDocuments(),
        commit.position());
  }

  @Override
  public void close() throws IOException {
    writer.close();
    directory.close();
  }

  private static DocumentKey key(long id) {
    return SCHEMA.keyCodec().encode(List.of(id));
  }
}
