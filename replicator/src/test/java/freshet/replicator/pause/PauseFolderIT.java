package freshet.replicator.pause;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.ManualTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseFolderIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path root;

  private final ManualTime time = new ManualTime(NOON);
  private RepositoryLayout layout;
  private PauseFolder folder;

  @BeforeEach
  void layout() {
    layout = new RepositoryLayout(root);
    folder = new PauseFolder(layout);
  }

  @Test
  void whereNobodyPausedAnythingNothingIsPaused() throws Exception {
    assertThat(folder.read()).isEqualTo(Pauses.NONE);
    folder.remove(null);
  }

  @Test
  void aCityWithAnyNameIsKeptApartFromTheWhole() throws Exception {
    for (String name : new String[] {"whole", "", "../x", "São Paulo", "WHOLE", "city-"}) {
      folder.write(pause(new City(name), 60));
    }
    assertThat(folder.read().whole()).isNull();
    assertThat(folder.read().cities()).hasSize(6);

    folder.write(pause(null, 60));
    folder.remove(new City("whole"));
    assertThat(folder.read().whole()).isNotNull();
    assertThat(folder.read().cities()).hasSize(5).doesNotContainKey(new City("whole"));
  }

  @Test
  void aLaterPauseTakesThePlaceOfTheOneBefore() throws Exception {
    folder.write(pause(null, 60));
    folder.write(pause(null, 30));
    assertThat(folder.read().whole()).isEqualTo(pause(null, 30));
  }

  @Test
  void aFileThatNobodyCanReadPausesNothingForEver() throws Exception {
    folder.write(pause(new City("x"), 60));
    Files.writeString(layout.pauses().resolve("whole.json"), "{");
    Files.writeString(
        layout.pauses().resolve("city-y.json"),
        """
        {"format":1,"city":"y","by":"ann","at":"2026-03-01T12:00:00Z",\
        "until":"2999-01-01T00:00:00Z"}""");

    assertThat(folder.read().whole()).isNull();
    assertThat(folder.read().cities()).containsOnlyKeys(new City("x"));
    assertThat(layout.pauses().resolve("whole.json.damaged")).exists();
    assertThat(layout.pauses().resolve("city-y.json.damaged")).exists();
  }

  @Test
  void aWatchSeesWhatBeginsAndEndsAndARestartForgetsNothing() throws Exception {
    PauseWatch watch = new PauseWatch(layout, time);
    assertThat(watch.whole()).isNull();
    folder.write(pause(null, 60));
    time.advance(Duration.ofSeconds(1));
    assertThat(watch.whole()).isEqualTo(pause(null, 60));
    assertThat(new PauseWatch(layout, time).whole()).isEqualTo(pause(null, 60));

    // Nobody has to remove it, nor to look again.
    time.advance(Duration.ofSeconds(59));
    assertThat(watch.whole()).isNull();

    folder.write(pause(new City("x"), 3_600));
    time.advance(Duration.ofSeconds(1));
    assertThat(watch.now().cities()).containsOnlyKeys(new City("x"));
    folder.remove(new City("x"));
    time.advance(Duration.ofSeconds(1));
    assertThat(watch.now()).isEqualTo(Pauses.NONE);
  }

  @Test
  void whatWasPausedStaysSoWhileItCannotBeRead() throws Exception {
    PauseWatch watch = new PauseWatch(layout, time);
    folder.write(pause(null, 60));
    assertThat(watch.whole()).isNotNull();
    Files.move(layout.pauses(), root.resolve("aside"));
    Files.writeString(layout.pauses(), "no folder");
    time.advance(Duration.ofSeconds(1));

    assertThat(watch.whole()).isNotNull();
    time.advance(Duration.ofSeconds(60));
    assertThat(watch.whole()).isNull();
  }

  private static Pause pause(City city, int seconds) {
    return Pause.of(city, "ann@ops-1", NOON, Duration.ofSeconds(seconds), null);
  }
}
