package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.remote.FolderServer;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sample of what {@link PullKillPointsIT} enumerates, by processes that are really killed. */
@Timeout(180)
class KilledPullSystemIT {
  private static final int KILLS = 6;
  private static final long SEED = Long.getLong("freshet.kill.seed", 5);
  private static final Duration LOOK = Duration.ofMillis(200);

  @TempDir Path folder;
  private Process pull;

  @AfterEach
  void end() throws Exception {
    if (pull != null) {
      pull.destroyForcibly().waitFor();
    }
  }

  @Test
  void killedAgainAndAgainItEndsCompleteAndAsksForNothingTwice() throws Exception {
    Random random = new Random(SEED);
    HandmadeMaster master = new HandmadeMaster(folder.resolve("master"));
    master.publish(
        3, Stream.iterate(0, n -> n + 1).limit(15).map(n -> "c" + n).toArray(String[]::new));
    LocalRepository store = new LocalRepository(new RepositoryLayout(folder.resolve("store")));
    try (FolderServer server = new FolderServer(master.root())) {
      Files.writeString(
          folder.resolve("pull.yaml"),
          "remote: {url: \"%s\"}%nstore: {folder: store}%n".formatted(server.url()));
      Set<String> verified = new HashSet<>();
      for (int kill = 0; kill < KILLS; kill++) {
        start();
        List<String> asked = ask(server, 2 + random.nextInt(8));
        pull.destroyForcibly().waitFor();
        asked.addAll(server.takeRequests());
        assertThat(asked).as("kill %d of seed %d", kill, SEED).noneMatch(verified::contains);
        if (store.latest().isPresent()) {
          assertThat(Slave.isWhole(store)).contains(master.current());
        }
        verified.addAll(PullKillPointsIT.verifiedOf(store, master));
      }
      assertThat(verified).isNotEmpty();

      start();
      assertThat(pull.waitFor()).as(Files.readString(folder.resolve("talk"))).isZero();
      assertThat(server.takeRequests()).noneMatch(verified::contains);
      assertThat(Slave.isWhole(store)).contains(master.current());
    }
  }

  /** Waits for so many questions, or the end. */
  private List<String> ask(FolderServer server, int questions) throws InterruptedException {
    List<String> asked = new ArrayList<>();
    while (asked.size() < questions && pull.isAlive()) {
      Optional<String> question = server.awaitRequest(LOOK);
      question.ifPresent(asked::add);
    }
    return asked;
  }

  private void start() throws IOException {
    pull =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dfreshet.home=" + System.getProperty("freshet.home", ".."),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "freshet.replicator.app.ReplicatorMain",
                "pull",
                "--config",
                folder.resolve("pull.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("talk").toFile()))
            .start();
  }
}
