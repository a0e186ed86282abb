package freshet.replicator.explain;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.NamedCommit;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/** Finds a document in a repository, or in a slave's store, and how long it has been there. */
public final class DocumentCopies {
  /** Generations that are looked at, newest first: those of ten minutes with one a second. */
  private static final int MOST_GENERATIONS = 600;

  private final LocalRepository repository;

  /** Of this repository. */
  public DocumentCopies(LocalRepository repository) {
    this.repository = repository;
  }

  /**
   * The copies in all cities of a snapshot, by their cities; one is as it should be.
   *
   * @throws NoSuchFileException if the snapshot was collected meanwhile: a newer one can be read
   */
  public List<DocumentCopy> find(Snapshot snapshot, DocumentKey key) throws IOException {
    List<DocumentCopy> copies = new ArrayList<>();
    for (CityEntry entry : snapshot.cities().values()) {
      OptionalLong version = version(entry, key);
      if (version.isPresent()) {
        copies.add(copy(snapshot, entry, key, version.getAsLong()));
      }
    }
    return copies;
  }

  /** The version of a document's row in an index that is open; empty if it is not there. */
  public static OptionalLong version(DirectoryReader index, DocumentKey key) throws IOException {
    Term term = new Term(DocumentFields.ID, new BytesRef(key.bytes()));
    for (LeafReaderContext leaf : index.leaves()) {
      PostingsEnum found = leaf.reader().postings(term, PostingsEnum.NONE);
      NumericDocValues versions = leaf.reader().getNumericDocValues(DocumentFields.VERSION);
      if (found == null || versions == null) {
        continue;
      }
      Bits live = leaf.reader().getLiveDocs();
      for (int doc = found.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = found.nextDoc()) {
        if ((live == null || live.get(doc)) && versions.advanceExact(doc)) {
          return OptionalLong.of(versions.longValue());
        }
      }
    }
    return OptionalLong.empty();
  }

  /** Goes back in time for as long as the same version is there. */
  private DocumentCopy copy(Snapshot newest, CityEntry entry, DocumentKey key, long version)
      throws IOException {
    Snapshot first = newest;
    CityEntry at = entry;
    boolean isFirst = false;
    int left = MOST_GENERATIONS;
    for (Generation older :
        repository.generations().headSet(newest.generation(), false).descendingSet()) {
      Optional<Snapshot> before = repository.snapshot(older);
      if (before.isEmpty() || left-- == 0) {
        break;
      }
      CityEntry then = before.get().cities().get(entry.city());
      try {
        if (then == null || !hasVersion(then, at, key, version)) {
          isFirst = true;
          break;
        }
      } catch (NoSuchFileException | FileNotFoundException e) {
        // Collected just now, or not brought here.
        break;
      }
      first = before.get();
      at = then;
    }
    return new DocumentCopy(
        entry.city(),
        Versions.instant(version),
        at.commit(),
        first.generation(),
        isFirst,
        first.manifest().created(),
        repository.cityManifest(at).position().changes());
  }

  private boolean hasVersion(CityEntry then, CityEntry known, DocumentKey key, long version)
      throws IOException {
    return then.hasSameFilesAs(known) || version(then, key).equals(OptionalLong.of(version));
  }

  private OptionalLong version(CityEntry entry, DocumentKey key) throws IOException {
    CityManifest manifest = repository.cityManifest(entry);
    try (Directory directory =
            FSDirectory.open(repository.layout().incarnation(entry.city(), entry.incarnation()));
        DirectoryReader reader =
            DirectoryReader.open(new NamedCommit(directory, manifest.segmentsFile()))) {
      return version(reader, key);
    }
  }
}
