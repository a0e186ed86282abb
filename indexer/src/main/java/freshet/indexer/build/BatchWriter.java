package freshet.indexer.build;

import freshet.indexer.table.SourceDocument;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.schema.DocumentMaker;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;

/** Hands to Lucene what is new in a batch. */
final class BatchWriter {
  private final DocumentMaker maker;
  private final List<BatchCounts.Rejected> rejected = new ArrayList<>();

  private BatchWriter(DocumentMaker maker) {
    this.maker = maker;
  }

  /**
   * Writes all of it, uncommitted; returns what it meant, with the documents that Lucene refuses.
   */
  static BatchCounts write(Comparison news, IndexWriter writer, IndexSchema schema)
      throws IOException {
    BatchWriter batch = new BatchWriter(new DocumentMaker(schema));
    for (SourceDocument document : news.added()) {
      batch.write(document, writer::addDocument);
    }
    for (SourceDocument document : news.replaced()) {
      batch.write(
          document, lucene -> writer.updateDocument(DocumentFields.idTerm(document.key()), lucene));
    }
    for (DocumentKey key : news.removed()) {
      writer.deleteDocuments(DocumentFields.idTerm(key));
    }
    BatchCounts all = news.counts();
    return new BatchCounts(
        all.added(),
        all.replaced(),
        all.removed(),
        all.rescued(),
        all.equal(),
        all.absent(),
        batch.rejected);
  }

  private interface Step {
    void run(Document document) throws IOException;
  }

  private void write(SourceDocument document, Step step) throws IOException {
    try {
      step.run(maker.of(document.key(), document.version(), document.digest(), document.values()));
    } catch (IllegalArgumentException e) {
      // Lucene refuses this one document (a term of more than 32,766 bytes, say) and stays usable.
      rejected.add(new BatchCounts.Rejected(document.key(), String.valueOf(e.getMessage())));
    }
  }
}
