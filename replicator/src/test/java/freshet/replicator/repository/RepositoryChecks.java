package freshet.replicator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.NoLockFactory;

/** What must hold of every repository at every moment. */
public final class RepositoryChecks {
  private RepositoryChecks() {}

  /** LATEST resolves, and every file behind it is there with its digest. */
  public static Snapshot complete(Path root) throws IOException {
    LocalRepository repository = new LocalRepository(new RepositoryLayout(root));
    Snapshot snapshot = repository.latestSnapshot().orElseThrow();
    complete(repository, snapshot);
    return snapshot;
  }

  /** Every file behind this snapshot is there with its digest. */
  public static void complete(LocalRepository repository, Snapshot snapshot) throws IOException {
    RepositoryLayout layout = repository.layout();
    repository.schema(snapshot.manifest().schema());
    PackEntry pack = snapshot.manifest().pack();
    if (pack != null) {
      Path file = layout.resolve(RepositoryLayout.packName(snapshot.generation()));
      assertThat(Files.size(file)).isEqualTo(pack.length());
      assertThat(Digest.ofFile(file)).isEqualTo(pack.sha256());
    }
    for (CityEntry entry : snapshot.cities().values()) {
      CityManifest manifest = repository.cityManifest(entry);
      assertThat(manifest.bytes()).isEqualTo(entry.bytes());
      assertThat(manifest.documents()).isEqualTo(entry.documents());
      Path folder = layout.incarnation(entry.city(), entry.incarnation());
      for (FileEntry file : manifest.files()) {
        Path path = folder.resolve(file.name());
        assertThat(path).exists();
        assertThat(Files.size(path)).as(path.toString()).isEqualTo(file.length());
        assertThat(Digest.ofFile(path)).as(path.toString()).isEqualTo(file.sha256());
      }
    }
  }

  /** Lucene's own check of every city's newest commit in the repository. */
  public static void checkIndexes(Path root) throws IOException {
    LocalRepository repository = new LocalRepository(new RepositoryLayout(root));
    for (CityEntry entry : repository.latestSnapshot().orElseThrow().cities().values()) {
      Path folder = repository.layout().incarnation(entry.city(), entry.incarnation());
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      try (Directory directory = FSDirectory.open(folder, NoLockFactory.INSTANCE);
          CheckIndex check =
              new CheckIndex(
                  directory, NoLockFactory.INSTANCE.obtainLock(directory, "write.lock"))) {
        check.setInfoStream(new PrintStream(said, true, StandardCharsets.UTF_8));
        assertThat(check.checkIndex().clean).as(said.toString(StandardCharsets.UTF_8)).isTrue();
      }
    }
  }

  /** The generation that LATEST names. */
  public static Generation generation(Path root) throws IOException {
    return new LocalRepository(new RepositoryLayout(root)).latest().orElseThrow().generation();
  }
}
