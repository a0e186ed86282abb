package freshet.indexer.build;

import freshet.indexer.merge.IndexMerges;
import freshet.indexer.merge.MergeOptions;
import freshet.replicator.files.Digest;
import freshet.replicator.replay.MergeCodec;
import freshet.replicator.schema.CommitData;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexDeletionPolicy;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.store.Directory;

/** What all cities' writers share. Thread-safe. */
public final class WriterSettings implements AutoCloseable {
  private final BuildOptions options;
  private final IndexSchema schema;
  private final Digest schemaDigest;
  private final IndexDirectories directories;
  private final RandomGenerator random;
  private final Analyzer analyzer;
  private final MergeCodec codec;

  /**
   * Of indexes that are built like this.
   *
   * @param random where the names of new histories come from
   */
  public WriterSettings(
      BuildOptions options,
      IndexSchema schema,
      IndexDirectories directories,
      RandomGenerator random) {
    this.options = options;
    this.schema = schema;
    this.schemaDigest = Digest.of(SnapshotCodec.write(schema));
    this.directories = directories;
    this.random = random;
    this.analyzer = new DocumentFields(schema).analyzer();
    this.codec = options.bestCompression() ? MergeCodec.BEST_COMPRESSION : MergeCodec.BEST_SPEED;
  }

  /** The schema of all documents. */
  public IndexSchema schema() {
    return schema;
  }

  /** The digest of the schema. */
  public Digest schemaDigest() {
    return schemaDigest;
  }

  IndexDirectories directories() {
    return directories;
  }

  Incarnation newIncarnation() {
    synchronized (random) {
      return Incarnation.random(random);
    }
  }

  /** Of how segments are written, for whoever makes them again. */
  String fingerprint() {
    return codec.fingerprint();
  }

  MergeOptions merges() {
    return options.merge();
  }

  /** Opens a writer on the last commit. */
  IndexWriter open(Directory directory, IndexDeletionPolicy commits, IndexMerges merges)
      throws IOException {
    IndexWriterConfig config = config();
    config.setIndexDeletionPolicy(commits);
    merges.configure(config);
    config.setRAMBufferSizeMB((double) options.ramBufferMegabytes() / options.citiesAtOnce());
    config.setMergedSegmentWarmer(segment -> finish(directory, segment, merges));
    return new IndexWriter(directory, config);
  }

  /**
   * Opens a writer on the last commit that takes documents of a whole table: it never merges, and
   * flushes when it is told to, or at this size.
   */
  public IndexWriter openForLoad(Directory directory, int bufferMegabytes) throws IOException {
    IndexWriterConfig config = config();
    config.setMergePolicy(NoMergePolicy.INSTANCE);
    config.setRAMBufferSizeMB(bufferMegabytes);
    return new IndexWriter(directory, config);
  }

  /** The user data of the first commit of a new history. */
  public Map<String, String> firstCommit(City city, SourcePosition position) {
    return WorkingCity.userData(new CommitData(city, newIncarnation(), schemaDigest, position), 1);
  }

  /** The last commit in a folder, if there is one. */
  static Optional<WorkingCity> lastCommit(Directory directory, Path folder) throws IOException {
    if (!DirectoryReader.indexExists(directory)) {
      return Optional.empty();
    }
    SegmentInfos infos = SegmentInfos.readLatestCommit(directory);
    return Optional.of(of(infos, folder));
  }

  /** Names of the files of the last commit's segments, the segments file aside. */
  static Collection<String> segmentFiles(Directory directory) throws IOException {
    return SegmentInfos.readLatestCommit(directory).files(false);
  }

  static WorkingCity of(SegmentInfos infos, Path folder) throws FormatException {
    String what = folder.resolve(infos.getSegmentsFileName()).toString();
    return WorkingCity.of(infos.getUserData(), infos.getGeneration(), what);
  }

  private IndexWriterConfig config() {
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setCodec(codec.codec());
    config.setCommitOnClose(false);
    config.setUseCompoundFile(true);
    return config;
  }

  @Override
  public void close() {
    analyzer.close();
  }

  /**
   * Syncs a merged segment here, so that the commit which names it does not wait for the disk, and
   * lets it be advertised.
   */
  private static void finish(Directory directory, LeafReader segment, IndexMerges merges)
      throws IOException {
    if (segment instanceof SegmentReader reader) {
      SegmentCommitInfo info = reader.getSegmentInfo();
      directory.sync(info.files());
      merges.finished(info);
    }
  }
}
