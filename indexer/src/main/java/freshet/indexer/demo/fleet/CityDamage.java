package freshet.indexer.demo.fleet;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.schema.CommitData;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.schema.DocumentMaker;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * One city of a store, changed in a copy: the files of its commit in a new incarnation, with a
 * commit of our own on top. The old files stay as they are.
 */
final class CityDamage implements AutoCloseable {
  private final LocalRepository repository;
  private final CityManifest manifest;
  private final IndexSchema schema;
  private final DocumentFields fields;
  private final Incarnation incarnation;
  private final Path folder;
  private final Directory directory;
  private final Analyzer analyzer;
  private final IndexWriter writer;

  /** A document as the index has it. */
  record Found(DocumentKey key, long version, long digest, List<@Nullable Object> values) {}

  private CityDamage(
      LocalRepository repository, CityManifest manifest, IndexSchema schema, RandomGenerator random)
      throws IOException {
    this.repository = repository;
    this.manifest = manifest;
    this.schema = schema;
    this.fields = new DocumentFields(schema);
    this.incarnation = Incarnation.random(random);
    this.folder = repository.layout().incarnation(manifest.city(), incarnation);
    copyFiles();
    this.directory = FSDirectory.open(folder);
    this.analyzer = fields.analyzer();
    this.writer =
        new IndexWriter(
            directory,
            new IndexWriterConfig(analyzer)
                .setOpenMode(IndexWriterConfig.OpenMode.APPEND)
                .setMergePolicy(NoMergePolicy.INSTANCE)
                .setCommitOnClose(false));
  }

  /** Copies a city's files and opens them. */
  static CityDamage open(
      LocalRepository repository, CityEntry entry, IndexSchema schema, RandomGenerator random)
      throws IOException {
    return new CityDamage(repository, repository.cityManifest(entry), schema, random);
  }

  private void copyFiles() throws IOException {
    DurableFiles.createFolders(folder);
    for (FileEntry file : manifest.files()) {
      String name = RepositoryLayout.fileName(manifest.city(), manifest.incarnation(), file.name());
      // Bytes, not a link: what a link shares would be damaged too.
      Files.copy(repository.layout().resolve(name), folder.resolve(file.name()));
    }
  }

  /** The city. */
  City city() {
    return manifest.city();
  }

  /**
   * Any document of the city.
   *
   * @param spared none of these
   */
  Found any(RandomGenerator random, List<DocumentKey> spared) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      // More than are spared, from a place that is drawn.
      int skipped = random.nextInt(Math.max(1, reader.numDocs() - spared.size()));
      for (LeafReaderContext leaf : reader.leaves()) {
        Bits live = leaf.reader().getLiveDocs();
        for (int doc = 0; doc < leaf.reader().maxDoc(); doc++) {
          if ((live == null || live.get(doc)) && skipped-- <= 0) {
            Found found = found(leaf, doc);
            if (!spared.contains(found.key())) {
              return found;
            }
          }
        }
      }
    }
    throw new IOException("city " + city() + " has no document to damage");
  }

  private Found found(LeafReaderContext leaf, int doc) throws IOException {
    Map<String, Object> stored = fields.stored(leaf.reader().storedFields(), doc);
    List<@Nullable Object> values = new ArrayList<>();
    for (FieldSpec field : schema.fields()) {
      values.add(stored.get(field.name()));
    }
    return new Found(
        DocumentFields.storedKey(leaf.reader().storedFields(), doc),
        number(leaf, DocumentFields.VERSION, doc),
        number(leaf, DocumentFields.DIGEST, doc),
        values);
  }

  private static long number(LeafReaderContext leaf, String field, int doc) throws IOException {
    NumericDocValues values = leaf.reader().getNumericDocValues(field);
    if (values == null || !values.advanceExact(doc)) {
      throw new IOException("document " + doc + " has no " + field);
    }
    return values.longValue();
  }

  /** Removes a document. */
  void remove(DocumentKey key) throws IOException {
    writer.deleteDocuments(DocumentFields.idTerm(key));
  }

  /** Adds a document, or puts it in the place of the one with its key. */
  void put(Found document) throws IOException {
    writer.updateDocument(
        DocumentFields.idTerm(document.key()),
        new DocumentMaker(fields.schema())
            .of(document.key(), document.version(), document.digest(), document.values()));
  }

  /** Commits, writes the city manifest, and returns the entry that names it. */
  CityEntry commit(CityEntry old) throws IOException {
    writer.setLiveCommitData(
        new CommitData(city(), incarnation, manifest.schema(), manifest.position())
            .toUserData()
            .entrySet());
    writer.commit();
    SegmentInfos infos = SegmentInfos.readLatestCommit(directory);
    List<FileEntry> files = new ArrayList<>();
    for (String name : infos.files(true).stream().sorted().toList()) {
      Path file = folder.resolve(name);
      String segment = name.startsWith("_") ? name.substring(0, name.indexOf('.')) : "";
      files.add(new FileEntry(name, Files.size(file), Digest.ofFile(file), segmentOf(segment)));
    }
    int documents;
    int all;
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      documents = reader.numDocs();
      all = reader.maxDoc();
    }
    CityManifest damaged =
        new CityManifest(
            FormatVersion.CURRENT,
            city(),
            incarnation,
            infos.getGeneration(),
            infos.getSegmentsFileName(),
            documents,
            all - documents,
            manifest.schema(),
            files,
            List.of(),
            manifest.position());
    String name = RepositoryLayout.cityManifestName(city(), incarnation, infos.getGeneration());
    return new CityEntry(
        city(),
        incarnation,
        infos.getGeneration(),
        repository.write(name, damaged),
        documents,
        damaged.bytes(),
        old.readThrough(),
        old.behind());
  }

  /** A generation behind the segment's name, as in _7_1.liv, is no part of it. */
  private static String segmentOf(String stem) {
    int second = stem.indexOf('_', 1);
    return second < 0 ? stem : stem.substring(0, second);
  }

  @Override
  public void close() throws IOException {
    writer.close();
    analyzer.close();
    directory.close();
  }
}
