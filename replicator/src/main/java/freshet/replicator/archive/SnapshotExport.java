package freshet.replicator.archive;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.lease.LeaseKeeper;
import freshet.replicator.repository.ByteProgress;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a snapshot into one file. Every member comes after what names it: LATEST, SUBSET, the
 * manifest and its bases, city manifests, schemas, index files. So it can be checked while it is
 * read, and unfolded it is a repository.
 */
public final class SnapshotExport {
  private final LocalRepository repository;
  private final LeaseKeeper leases;

  /** From a master's repository or a slave's store, while either goes on. */
  public SnapshotExport(LocalRepository repository, Time time) {
    this.repository = repository;
    this.leases = new LeaseKeeper(repository.layout(), time);
  }

  /** A file that goes into the archive as it is. */
  private record Member(String name, long length, Digest sha256) {}

  /**
   * Writes it, durably. Every digest is compared on the way.
   *
   * @param wanted the snapshot; null for what LATEST names
   * @param cities those to take
   * @param target a file that is not there yet
   * @throws ArchiveException.Refused if there is nothing to take, or the file is there, or its
   *     folder is not
   * @throws ArchiveException.Damaged if a file of the snapshot is gone or not what it should be
   */
  public ArchiveReport write(
      @Nullable Generation wanted, CitySubset cities, Path target, Consumer<ByteProgress> progress)
      throws IOException, ArchiveException {
    if (Files.exists(target)) {
      throw new ArchiveException.Refused(
          "%s exists: name another file, or remove it".formatted(target));
    }
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ArchiveException.Refused(
          "there is no folder for %s: make it, or name another file".formatted(target));
    }
    Path temporary = DurableFiles.temporaryFor(target.toAbsolutePath());
    String holder = "export-" + ProcessHandle.current().pid();
    try {
      Chosen chosen = choose(wanted, cities);
      leases.renew(holder, chosen.whole.generation());
      int members =
          write(
              chosen,
              temporary,
              step -> {
                leases.renew(holder, chosen.whole.generation());
                progress.accept(step);
              });
      DurableFiles.syncFile(temporary);
      long length = Files.size(temporary);
      DurableFiles.rename(temporary, target.toAbsolutePath());
      return ArchiveReport.of(chosen.whole, chosen.cities, members, length);
    } catch (FormatException | IllegalArgumentException e) {
      throw new ArchiveException.Damaged("not exported: " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new ArchiveException.Damaged(
          "not exported: %s is gone: the snapshot was collected meanwhile (pin it before), or this store never had all of it"
              .formatted(e.getFile()),
          e);
    } finally {
      leases.release(holder);
      Files.deleteIfExists(temporary);
    }
  }

  private record Chosen(Advertisement latest, Snapshot whole, CitySubset cities) {
    Snapshot part() {
      return cities.of(whole);
    }
  }

  private Chosen choose(@Nullable Generation wanted, CitySubset cities)
      throws IOException, ArchiveException {
    Advertisement latest =
        repository
            .latest()
            .orElseThrow(() -> new NoSuchFileException(repository.layout().latest().toString()));
    Snapshot whole;
    if (wanted == null || wanted.equals(latest.generation())) {
      whole = repository.snapshot(latest.generation(), latest.manifest(), null);
    } else {
      whole =
          repository
              .snapshot(wanted)
              .orElseThrow(() -> new ArchiveException.Refused("there is no snapshot " + wanted));
    }
    CitySubset held = repository.subset();
    List<String> unmatched = cities.unmatched(held.of(whole).cities().keySet());
    if (!unmatched.isEmpty()) {
      throw new ArchiveException.Refused(
          "no city of %s matches %s; it has %s"
              .formatted(whole.generation(), unmatched, some(held.of(whole))));
    }
    return new Chosen(pointer(latest, whole), whole, held.and(cities));
  }

  private static String some(Snapshot snapshot) {
    int shown = 10;
    String names =
        String.join(
            ", ", snapshot.cities().keySet().stream().limit(shown).map(c -> c.name()).toList());
    int more = snapshot.cities().size() - shown;
    return more > 0 ? "%s and %,d more".formatted(names, more) : names;
  }

  /** What is announced is left out; of an older snapshot each city's own entry says how fresh. */
  private static Advertisement pointer(Advertisement latest, Snapshot whole) {
    boolean isLatest = latest.generation().equals(whole.generation());
    return new Advertisement(
        latest.format(),
        latest.minReader(),
        latest.repository(),
        whole.generation(),
        whole.manifestDigest(),
        isLatest ? latest.advertisedAt() : whole.manifest().created(),
        isLatest ? latest.readThrough() : null,
        isLatest ? latest.exceptions() : Map.of(),
        isLatest ? latest.clock() : null,
        isLatest ? latest.times() : null,
        List.of(),
        null,
        null);
  }

  private int write(Chosen chosen, Path file, Consumer<ByteProgress> progress) throws IOException {
    List<Member> members = new ArrayList<>();
    addManifests(chosen.whole, members);
    addCities(chosen.part(), members);
    long total = members.stream().mapToLong(Member::length).sum();
    long[] written = {0};
    try (ArchiveWriter archive = new ArchiveWriter(file)) {
      archive.add(RepositoryLayout.LATEST, PointerCodec.write(chosen.latest));
      if (!chosen.cities.isAll()) {
        archive.add(RepositoryLayout.SUBSET, SnapshotCodec.write(chosen.cities));
      }
      for (Member member : members) {
        archive.add(
            member.name,
            repository.layout().resolve(member.name),
            member.length,
            member.sha256,
            bytes -> {
              written[0] += bytes;
              progress.accept(new ByteProgress(written[0], total));
            });
      }
      return archive.members();
    }
  }

  private void addManifests(Snapshot whole, List<Member> members) throws IOException {
    SnapshotManifest at = whole.manifest();
    Digest digest = whole.manifestDigest();
    while (true) {
      add(RepositoryLayout.snapshotName(at.generation()), digest, members);
      Generation base = at.base();
      Digest baseDigest = at.baseManifest();
      if (base == null || baseDigest == null) {
        return;
      }
      at = repository.manifest(base);
      digest = baseDigest;
    }
  }

  private void addCities(Snapshot part, List<Member> members) throws IOException {
    Set<Digest> schemas = new LinkedHashSet<>();
    schemas.add(part.manifest().schema());
    List<Member> files = new ArrayList<>();
    for (CityEntry entry : part.cities().values()) {
      CityManifest manifest = repository.cityManifest(entry);
      add(RepositoryLayout.cityManifestName(entry), entry.manifest(), members);
      schemas.add(manifest.schema());
      for (FileEntry one : manifest.files()) {
        files.add(memberOf(entry, one));
      }
      for (FileEntry recipe : manifest.recipes()) {
        Member member = memberOf(entry, recipe);
        // A help that a store need not have.
        if (Files.exists(repository.layout().resolve(member.name))) {
          files.add(member);
        }
      }
    }
    for (Digest schema : schemas) {
      add(RepositoryLayout.schemaName(schema), schema, members);
    }
    members.addAll(files);
  }

  private static Member memberOf(CityEntry entry, FileEntry file) {
    return new Member(
        RepositoryLayout.fileName(entry.city(), entry.incarnation(), file.name()),
        file.length(),
        file.sha256());
  }

  private void add(String name, Digest sha256, List<Member> members) throws IOException {
    members.add(new Member(name, Files.size(repository.layout().resolve(name)), sha256));
  }
}
