package freshet.indexer.route;

import freshet.indexer.directory.IndexDirectory;
import freshet.indexer.merge.IndexMerges;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.merge.MergeQueue;
import freshet.indexer.merge.MergeTurn;
import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.replay.MergeCodec;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SourcePosition;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which city's working index holds each document: a Lucene index of (key, city) pairs, so that
 * millions of keys take little memory. Committed after the cities, with a digest of what their
 * commits hold; where that digest is not theirs, a crash came in between, and the table is rebuilt
 * from them. Everything in it can be found out again, so a damaged one is thrown away.
 *
 * <p>Used by one thread at a time, but for {@link #run}.
 */
public final class RoutingTable implements Routes, MergeQueue.Job, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoutingTable.class);
  private static final String CITY = "_city";
  private static final String CONTENTS = "freshet.contents";
  private static final String POSITION = "freshet.position";

  /** User data of a table that {@link RoutingLoad} has made. */
  static final Map<String, String> LOADED = Map.of("freshet.loaded", "whole");

  private static final double RAM_BUFFER_MEGABYTES = 32;

  private final Directory directory;
  private final IndexWriter writer;
  private final IndexMerges merges;
  private final Path distrust;
  private DirectoryReader reader;
  private @Nullable Digest contents;

  private RoutingTable(Path folder, Directory directory, IndexWriter writer, IndexMerges merges)
      throws IOException {
    this.distrust = distrust(folder);
    this.directory = directory;
    this.writer = writer;
    this.merges = merges;
    this.reader = DirectoryReader.open(writer);
    this.contents = contentsOf(writer);
  }

  /**
   * Puts another folder's table in the place of this one's, as files, while nobody has either open.
   * Does nothing if there is none, or it is in its place already.
   */
  public static void replace(Path folder, Path by) throws IOException {
    if (Files.isDirectory(by)) {
      DurableFiles.deleteTree(folder);
      DurableFiles.rename(by, folder);
    }
  }

  /** Opens the table in this folder, an empty one if there is none or it is damaged. */
  public static RoutingTable open(Path folder) throws IOException {
    try {
      return openAsItIs(folder);
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | IndexFormatTooNewException
        | FileNotFoundException
        | NoSuchFileException e) {
      LOG.warn("the routing table in {} is damaged and starts anew: {}", folder, e.toString());
      DurableFiles.deleteTree(folder);
      return openAsItIs(folder);
    }
  }

  /**
   * Asks for the table in this folder to be rebuilt from the cities before it is used again, since
   * it leads to another place than where a document was found. Safe for use by any process.
   */
  public static void distrust(Path folder, String why) throws IOException {
    DurableFiles.write(distrust(folder), (why + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static Path distrust(Path folder) {
    return folder.resolveSibling(folder.getFileName() + ".distrusted");
  }

  /**
   * Where the last commit of the table in this folder says that documents are: for processes that
   * it does not belong to. Nowhere, if there is no table.
   */
  public static Map<DocumentKey, SortedSet<City>> look(Path folder, Collection<DocumentKey> keys)
      throws IOException {
    Map<DocumentKey, SortedSet<City>> found = new HashMap<>();
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      KeyLookup.find(reader, keys, segment -> inSegment(segment, found));
    } catch (IndexNotFoundException e) {
      LOG.debug("{} holds no routing table yet", folder, e);
    }
    return found;
  }

  /** The contents of the cities that it stands for; empty if they are to be read first. */
  public Optional<Digest> contents() {
    return Files.exists(distrust) ? Optional.empty() : Optional.ofNullable(contents);
  }

  /**
   * Takes the cities' contents for what it stands for if it was loaded with their documents, and
   * nothing has changed since; durably.
   *
   * @param position up to where the database was read
   */
  public void standFor(SourcePosition position, Digest loaded) throws IOException {
    if (userData(writer).entrySet().containsAll(LOADED.entrySet())) {
      commit(position, loaded);
    }
  }

  /** How many documents it knows. */
  public long size() {
    return reader.numDocs();
  }

  @Override
  public Map<DocumentKey, SortedSet<City>> citiesOf(Collection<DocumentKey> keys)
      throws IOException {
    Map<DocumentKey, SortedSet<City>> found = new HashMap<>();
    KeyLookup.find(reader, keys, segment -> inSegment(segment, found));
    return found;
  }

  private static KeyLookup.Found inSegment(
      LeafReader segment, Map<DocumentKey, SortedSet<City>> found) throws IOException {
    SortedDocValues cities = DocValues.getSorted(segment, CITY);
    Map<Integer, City> byOrd = new HashMap<>();
    return (doc, key) -> {
      if (!cities.advanceExact(doc)) {
        throw new IOException("routing table: a pair has no city");
      }
      int ord = cities.ordValue();
      City city = byOrd.get(ord);
      if (city == null) {
        city = new City(cities.lookupOrd(ord).utf8ToString());
        byOrd.put(ord, city);
      }
      found.computeIfAbsent(key, k -> new TreeSet<>()).add(city);
    };
  }

  /** The first keys of documents after a key, which need not exist, in their order. */
  public List<DocumentKey> keysAfter(DocumentKey after, int limit) throws IOException {
    return KeyLookup.after(reader, after, limit);
  }

  /**
   * Takes over what changed, durably.
   *
   * @param places the cities that hold each document now; none: it is gone
   * @param position up to where the database was read
   * @param newContents of the cities' commits, see {@link #contents()}
   */
  public void update(
      Map<DocumentKey, SortedSet<City>> places, SourcePosition position, Digest newContents)
      throws IOException {
    contents = null;
    for (Map.Entry<DocumentKey, SortedSet<City>> place : places.entrySet()) {
      BytesRef key = new BytesRef(place.getKey().bytes());
      if (place.getValue().isEmpty()) {
        writer.deleteDocuments(DocumentFields.idTerm(place.getKey()));
      } else {
        writer.updateDocuments(
            DocumentFields.idTerm(place.getKey()),
            place.getValue().stream().map(city -> pair(city, key)).toList());
      }
    }
    commit(position, newContents);
  }

  /** Forgets everything and learns it anew, durably. */
  public void rebuild(KeySource source, SourcePosition position, Digest newContents)
      throws IOException {
    contents = null;
    writer.deleteAll();
    source.forEachKey((city, key) -> writer.addDocument(pair(city, key)));
    commit(position, newContents);
    DurableFiles.delete(distrust);
  }

  @Override
  public OptionalLong due() throws IOException {
    return merges.due(SegmentInfos.readLatestCommit(directory));
  }

  /** Merges what is due; may run beside everything else. */
  @Override
  public void run(MergeTurn turn) throws IOException {
    merges.run(writer, turn);
  }

  /** Keeps what was committed last. */
  @Override
  public void close() throws IOException {
    reader.close();
    writer.rollback();
    directory.close();
  }

  private void commit(SourcePosition position, Digest newContents) throws IOException {
    writer.setLiveCommitData(
        Map.of(CONTENTS, newContents.hex(), POSITION, SnapshotCodec.writeText(position))
            .entrySet());
    writer.commit();
    DirectoryReader next = DirectoryReader.openIfChanged(reader, writer);
    if (next != null) {
      reader.close();
      reader = next;
    }
    contents = newContents;
  }

  static Document pair(City city, BytesRef key) {
    Document document = new Document();
    document.add(new StringField(DocumentFields.ID, BytesRef.deepCopyOf(key), Field.Store.NO));
    document.add(new SortedDocValuesField(CITY, new BytesRef(city.name())));
    return document;
  }

  private static RoutingTable openAsItIs(Path folder) throws IOException {
    DurableFiles.createFolders(folder);
    Directory directory = directory(folder);
    try {
      IndexMerges merges = merges();
      return new RoutingTable(folder, directory, writer(directory, merges), merges);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  static Directory directory(Path folder) throws IOException {
    return IndexDirectory.over(FSDirectory.open(folder));
  }

  static IndexMerges merges() {
    return new IndexMerges(MergeOptions.DEFAULT, MergeCodec.BEST_SPEED.fingerprint());
  }

  static IndexWriter writer(Directory directory, IndexMerges merges) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(new KeywordAnalyzer());
    config.setCommitOnClose(false);
    config.setRAMBufferSizeMB(RAM_BUFFER_MEGABYTES);
    merges.configure(config);
    return new IndexWriter(directory, config);
  }

  private static @Nullable Digest contentsOf(IndexWriter writer) {
    String hex = userData(writer).get(CONTENTS);
    return hex == null ? null : new Digest(hex);
  }

  private static Map<String, String> userData(IndexWriter writer) {
    Map<String, String> all = new HashMap<>();
    Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
    if (data != null) {
      data.forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    }
    return all;
  }
}
