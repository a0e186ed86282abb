package freshet.replicator.lease;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.ManualTime;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseFolderIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Generation FIRST = new Generation(1, 1);
  private static final Generation SECOND = new Generation(1, 2);
  private static final Duration TIME = LeaseFolder.DEFAULT_TIME;

  @TempDir Path root;

  private final ManualTime time = new ManualTime(NOON);

  @Test
  void aLeaseLastsAsLongAsItsHolderGetsOn() throws Exception {
    LeaseFolder folder = new LeaseFolder(new RepositoryLayout(root));
    LeaseKeeper keeper = new LeaseKeeper(folder.layout(), time);
    keeper.renew("node-1", FIRST);
    assertThat(folder.current(time.now()))
        .containsExactly(new Lease(Lease.FORMAT, "node-1", FIRST, NOON.plus(TIME)));

    time.advance(TIME.minusSeconds(1));
    keeper.renew("node-1", FIRST);
    time.advance(TIME.minusSeconds(1));
    assertThat(folder.current(time.now())).hasSize(1);
    time.advance(Duration.ofSeconds(1));
    assertThat(folder.current(time.now())).isEmpty();

    keeper.renew("node-1", SECOND);
    assertThat(folder.current(time.now())).extracting(Lease::generation).containsExactly(SECOND);
    keeper.release("node-1");
    assertThat(folder.current(time.now())).isEmpty();
    try (var files = Files.list(folder.layout().leases())) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aStepIsWrittenNowAndThen() throws Exception {
    LeaseFolder folder = new LeaseFolder(new RepositoryLayout(root));
    LeaseKeeper keeper = new LeaseKeeper(folder.layout(), time);
    keeper.renew("node-1", FIRST);
    time.advance(TIME.dividedBy(4).minusMillis(1));
    keeper.renew("node-1", FIRST);
    assertThat(folder.current(time.now()).getFirst().until()).isEqualTo(NOON.plus(TIME));
    time.advance(Duration.ofMillis(1));
    keeper.renew("node-1", FIRST);
    assertThat(folder.current(time.now()).getFirst().until()).isEqualTo(time.now().plus(TIME));
  }

  @Test
  void endedOnesAreForgotten() throws Exception {
    LeaseFolder folder = new LeaseFolder(new RepositoryLayout(root));
    new LeaseKeeper(folder.layout(), time).renew("node-1", FIRST);
    Files.writeString(folder.layout().leases().resolve("node-2.json"), "{\"format\":1,");
    Files.writeString(
        folder.layout().leases().resolve("node-3.json"),
        "{\"format\":1,\"holder\":\"../x\",\"generation\":\"1-0000000001\",\"until\":\"2027-01-01T00:00:00Z\"}");
    assertThat(folder.current(time.now())).extracting(Lease::holder).isEqualTo(List.of("node-1"));
    time.advance(TIME.multipliedBy(2));
    assertThat(folder.current(time.now())).isEmpty();
    folder.forget(NOON.plus(TIME));
    assertThat(folder.current(Instant.MIN)).hasSize(1);
    folder.forget(NOON.plus(TIME).plusSeconds(1));
    assertThat(folder.current(Instant.MIN)).isEmpty();
  }

  @Test
  void aServerThatBeginsAwaitsHoldersForOneLeaseTime() throws Exception {
    LeaseFolder folder = new LeaseFolder(new RepositoryLayout(root));
    folder.serverBegins(NOON);
    assertThat(folder.awaits(NOON, TIME)).as("nothing was ever published").isFalse();
    assertThat(root).isEmptyDirectory();

    Files.createFile(folder.layout().latest());
    assertThat(folder.awaits(NOON, TIME)).as("nobody serves").isFalse();
    folder.serverBegins(NOON);
    assertThat(folder.awaits(NOON, TIME)).isTrue();
    assertThat(folder.awaits(NOON.plus(TIME).minusNanos(1), TIME)).isTrue();
    assertThat(folder.awaits(NOON.plus(TIME), TIME)).isFalse();
    assertThat(folder.awaits(NOON.minusSeconds(1), TIME)).as("a clock was set back").isFalse();
    assertThat(folder.awaits(NOON, Duration.ZERO)).isFalse();
    folder.serverBegins(NOON.plus(TIME));
    assertThat(folder.awaits(NOON.plus(TIME), TIME)).as("another server").isTrue();

    Files.writeString(folder.layout().serving(), "{");
    assertThat(folder.awaits(NOON.plus(TIME), TIME)).isFalse();
  }

  @Test
  void whereNothingCanBeWrittenNothingFails() throws Exception {
    Path file = Files.writeString(root.resolve("control"), "not a folder");
    new LeaseKeeper(new RepositoryLayout(root), time).renew("node-1", FIRST);
    assertThat(file).isRegularFile();
  }
}
