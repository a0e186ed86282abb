package freshet.indexer.bulk;

import freshet.indexer.table.SourceDocument;
import freshet.replicator.schema.ValueBytes;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A page of a range, as the spool keeps it.
 *
 * @param range its number
 * @param last the key up to which the range is done with this page
 * @param documents of it
 */
record SpooledPage(int range, DocumentKey last, List<SourceDocument> documents) {

  /** Copies the list. */
  SpooledPage {
    documents = List.copyOf(documents);
  }

  /** Appends its bytes. */
  void write(ValueBytes bytes) {
    bytes.putInt(range);
    bytes.putBytes(last.bytes());
    bytes.putInt(documents.size());
    for (SourceDocument document : documents) {
      bytes.putBytes(document.key().bytes());
      bytes.putLong(document.version());
      bytes.putLong(document.digest());
      bytes.putBytes(document.city().name().getBytes(StandardCharsets.UTF_8));
      bytes.putInt(document.values().size());
      bytes.putValues(document.values());
    }
  }

  /** The page of these bytes. */
  static SpooledPage read(ByteBuffer bytes) {
    int range = bytes.getInt();
    DocumentKey last = new DocumentKey(ValueBytes.bytes(bytes));
    int count = bytes.getInt();
    List<SourceDocument> documents = new ArrayList<>(count);
    Map<String, City> cities = new HashMap<>();
    for (int i = 0; i < count; i++) {
      DocumentKey key = new DocumentKey(ValueBytes.bytes(bytes));
      long version = bytes.getLong();
      long digest = bytes.getLong();
      String city = new String(ValueBytes.bytes(bytes), StandardCharsets.UTF_8);
      documents.add(
          new SourceDocument(
              key,
              version,
              cities.computeIfAbsent(city, City::new),
              ValueBytes.values(bytes, bytes.getInt()),
              digest));
    }
    return new SpooledPage(range, last, documents);
  }
}
