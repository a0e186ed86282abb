package freshet.indexer.demo.fleet;

import freshet.indexer.demo.data.DemoField;
import freshet.replicator.files.Digest;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Damages one document in a slave's store so that nothing in the store contradicts it: a new
 * snapshot with digests that agree. Only a comparison with the database can tell.
 */
final class Sabotage {
  private final String slave;
  private final LocalRepository store;
  private final RandomGenerator random;
  private final Advertisement latest;
  private final Snapshot snapshot;
  private final IndexSchema schema;

  private Sabotage(String slave, LocalRepository store, RandomGenerator random) throws IOException {
    this.slave = slave;
    this.store = store;
    this.random = random;
    this.latest =
        store.latest().orElseThrow(() -> new IOException("the store of " + slave + " is empty"));
    this.snapshot = store.snapshot(latest);
    this.schema = store.schema(snapshot.manifest().schema());
  }

  /**
   * Damages the store of a slave that does not run.
   *
   * @param earlier whose documents are left alone
   */
  static Damage damage(
      String slave, Path store, Damage.Kind kind, List<Damage> earlier, RandomGenerator random)
      throws IOException {
    LocalRepository repository = new LocalRepository(new RepositoryLayout(store));
    List<DocumentKey> spared = new ArrayList<>();
    Sabotage sabotage = new Sabotage(slave, repository, random);
    earlier.forEach(one -> spared.add(sabotage.schema.keyCodec().parse(one.document())));
    return sabotage.damage(kind, spared);
  }

  private Damage damage(Damage.Kind kind, List<DocumentKey> spared) throws IOException {
    List<CityEntry> bySize =
        snapshot.cities().values().stream()
            .sorted(Comparator.comparingLong(CityEntry::documents).reversed())
            .toList();
    CityEntry entry = bySize.getFirst();
    KeyCodec keys = schema.keyCodec();
    List<CityEntry> changed = new ArrayList<>();
    DocumentKey damaged;
    try (CityDamage city = CityDamage.open(store, entry, schema, random)) {
      CityDamage.Found victim = city.any(random, spared);
      damaged = victim.key();
      switch (kind) {
        case MISSING -> city.remove(victim.key());
        case GHOST -> {
          // Ids of the demo are positive.
          damaged = keys.encode(List.of(-1L - random.nextInt(1000)));
          city.put(withValue(victim, DemoField.ID, keys.decode(damaged).getFirst(), damaged));
        }
        case FIELD ->
            city.put(withValue(victim, "title", "A title that nobody wrote", victim.key()));
        case CITY -> {
          city.remove(victim.key());
          if (bySize.size() < 2) {
            throw new IOException("there is no other city that a document could be moved to");
          }
          CityEntry other = bySize.get(1 + random.nextInt(bySize.size() - 1));
          try (CityDamage gaining = CityDamage.open(store, other, schema, random)) {
            gaining.put(victim);
            changed.add(gaining.commit(other));
          }
        }
      }
      changed.add(city.commit(entry));
    }
    advertise(changed);
    return new Damage(slave, keys.show(damaged), kind);
  }

  private CityDamage.Found withValue(
      CityDamage.Found document, String field, Object value, DocumentKey key) {
    List<@Nullable Object> values = new ArrayList<>(document.values());
    for (int i = 0; i < values.size(); i++) {
      if (schema.fields().get(i).name().equals(field)) {
        values.set(i, value);
      }
    }
    return new CityDamage.Found(key, document.version(), document.digest(), values);
  }

  /** A full snapshot as the next generation, and LATEST that names it. */
  private void advertise(List<CityEntry> changed) throws IOException {
    TreeMap<String, CityEntry> cities = new TreeMap<>();
    snapshot.cities().values().forEach(entry -> cities.put(entry.city().name(), entry));
    changed.forEach(entry -> cities.put(entry.city().name(), entry));
    SnapshotManifest old = snapshot.manifest();
    Generation generation = old.generation().next();
    SnapshotManifest manifest =
        new SnapshotManifest(
            old.format(),
            old.minReader(),
            old.repository(),
            generation,
            null,
            null,
            old.created(),
            old.lucene(),
            old.schema(),
            old.position(),
            List.copyOf(cities.values()),
            List.of(),
            null);
    Digest digest = store.write(RepositoryLayout.snapshotName(generation), manifest);
    store.advertise(
        new Advertisement(
            latest.format(),
            latest.minReader(),
            latest.repository(),
            generation,
            digest,
            latest.advertisedAt(),
            latest.readThrough(),
            latest.exceptions(),
            latest.clock(),
            latest.times(),
            List.of(),
            latest.expires(),
            latest.signature()));
  }
}
