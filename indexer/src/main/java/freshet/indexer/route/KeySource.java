package freshet.indexer.route;

import freshet.replicator.snapshot.City;
import java.io.IOException;
import org.apache.lucene.util.BytesRef;

/** Where all documents are: what a routing table is rebuilt from. */
public interface KeySource {

  /** Takes one document; the key's bytes are valid during the call only. */
  interface Sink {
    void accept(City city, BytesRef key) throws IOException;
  }

  /** Tells every live document of every city, in any order. */
  void forEachKey(Sink sink) throws IOException;
}
