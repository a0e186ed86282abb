package freshet.replicator.publish;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.Retention;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A folder with a repository, a state file, cities and a publisher on a manual clock. */
public final class TestMaster implements AutoCloseable {
  /** When every test begins. */
  public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  public final Path folder;
  public final Path root;
  public final ManualTime time = new ManualTime(START);
  public final Random random;
  public PublishOptions options;
  private final ArrayList<TestCity> opened = new ArrayList<>();
  private long version;

  /** Everything lies in this folder, which may hold what an earlier master left. */
  public TestMaster(Path folder) {
    this(folder, 42);
  }

  /** Another seed makes another master. */
  public TestMaster(Path folder, long seed) {
    this.folder = folder;
    this.root = folder.resolve("repository");
    this.random = new Random(seed);
    this.options =
        new PublishOptions(
            folder.resolve("state.json"), 50, new Retention(20, Duration.ofMinutes(10)));
  }

  public LocalRepository repository() {
    return new LocalRepository(new RepositoryLayout(root));
  }

  public SnapshotPublisher open() throws PublishException {
    return SnapshotPublisher.open(repository(), options, time, random);
  }

  public SnapshotPublisher takeover() throws PublishException {
    return SnapshotPublisher.takeover(repository(), options, time, random);
  }

  /** A working index of this city under a new incarnation, closed with the master. */
  public TestCity city(String name) throws IOException {
    TestCity city =
        new TestCity(
            name,
            Incarnation.random(random),
            folder.resolve("work").resolve(new City(name).folder()));
    opened.add(city);
    return city;
  }

  /** Commits these cities at a new version. */
  public PublishRequest commit(TestCity... cities) throws IOException {
    version++;
    List<CityCommit> commits = new ArrayList<>();
    for (TestCity city : cities) {
      commits.add(city.commit(version));
    }
    return request(commits.toArray(CityCommit[]::new));
  }

  /** A request with these commits, at the position of the last of them. */
  public PublishRequest request(CityCommit... commits) {
    SourcePosition position =
        commits.length == 0 ? TestCity.position(version) : commits[commits.length - 1].position();
    return new PublishRequest(
        Arrays.asList(commits),
        List.of(),
        TestCity.SCHEMA,
        position,
        Map.of(),
        new FreshnessClaim(time.now(), Map.of(), null, null));
  }

  /** The entry of a city in what LATEST names. */
  public CityEntry entry(String city) throws IOException {
    return repository().latestSnapshot().orElseThrow().city(new City(city)).orElseThrow();
  }

  @Override
  public void close() throws IOException {
    for (TestCity city : opened) {
      city.close();
    }
  }
}
