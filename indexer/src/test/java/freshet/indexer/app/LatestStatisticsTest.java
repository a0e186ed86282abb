package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityStatistics;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LatestStatisticsTest {
  private Optional<Generation> published = Optional.empty();
  private int reads;
  private boolean isBroken;

  private final LatestStatistics statistics =
      new LatestStatistics(this::readFromDisk, () -> published);

  private List<CityStatistics> readFromDisk() throws BuildException {
    if (isBroken) {
      throw new BuildException.WorkFailed("the disk is gone", null);
    }
    reads++;
    return List.of(new CityStatistics(new City("x"), reads, 0, 1, 1, Instant.EPOCH));
  }

  @Test
  void theDiskIsReadOnceForAGeneration() {
    published = Optional.of(new Generation(1, 1));
    statistics.read();
    assertThat(statistics.read().getFirst().documents()).isEqualTo(1);
    assertThat(reads).isEqualTo(1);

    published = Optional.of(new Generation(1, 2));
    assertThat(statistics.read().getFirst().documents()).isEqualTo(2);
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void beforeTheFirstGenerationWhatIsBuiltIsSeenAtOnce() {
    statistics.read();
    statistics.read();
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void whatCannotBeReadStaysAndIsReadAgain() {
    published = Optional.of(new Generation(1, 1));
    statistics.read();
    published = Optional.of(new Generation(1, 2));
    isBroken = true;
    assertThat(statistics.read().getFirst().documents()).isEqualTo(1);

    isBroken = false;
    assertThat(statistics.read().getFirst().documents()).isEqualTo(2);
  }
}
