package freshet.indexer.benchmark.index;

import freshet.indexer.benchmark.build.ListingDocuments;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.schema.ContentDigest;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * What indexes hold.
 *
 * @param documents how many
 * @param digest the sum of a hash of each one's city, key, version and stored values, so that their
 *     order does not matter
 */
record Contents(long documents, long digest) {

  static Contents of(List<SourceDocument> documents) {
    long digest = 0;
    for (SourceDocument one : documents) {
      digest += hash(one.city(), one.key(), one.version(), one.digest());
    }
    return new Contents(documents.size(), digest);
  }

  /** Of the folders of cities in a folder. */
  static Contents of(Path folder) throws IOException {
    DocumentFields fields = new DocumentFields(ListingDocuments.SCHEMA);
    long documents = 0;
    long digest = 0;
    try (DirectoryStream<Path> cities = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path one : cities) {
        City city = City.ofFolder(String.valueOf(one.getFileName()));
        try (Directory directory = FSDirectory.open(one);
            DirectoryReader reader = DirectoryReader.open(directory)) {
          documents += reader.numDocs();
          for (LeafReaderContext segment : reader.leaves()) {
            digest += digest(city, segment, fields);
          }
        }
      }
    }
    return new Contents(documents, digest);
  }

  private static long digest(City city, LeafReaderContext segment, DocumentFields fields)
      throws IOException {
    NumericDocValues versions = segment.reader().getNumericDocValues(DocumentFields.VERSION);
    StoredFields stored = segment.reader().storedFields();
    long digest = 0;
    for (int doc = 0; doc < segment.reader().maxDoc(); doc++) {
      if (!versions.advanceExact(doc)) {
        throw new IOException("document " + doc + " of city " + city + " has no version");
      }
      Map<String, Object> byField = fields.stored(stored, doc);
      List<@Nullable Object> values = new ArrayList<>();
      for (FieldSpec field : ListingDocuments.SCHEMA.fields()) {
        values.add(byField.get(field.name()));
      }
      DocumentKey key = DocumentFields.storedKey(stored, doc);
      digest += hash(city, key, versions.longValue(), ContentDigest.of(values));
    }
    return digest;
  }

  private static long hash(City city, DocumentKey key, long version, long content) {
    return ContentDigest.of(List.of(city.name(), key.hex(), version, content));
  }
}
