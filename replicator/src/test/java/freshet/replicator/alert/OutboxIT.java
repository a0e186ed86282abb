package freshet.replicator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.incident.Notice;
import freshet.replicator.incident.Notice.Event;
import freshet.replicator.incident.Severity;
import freshet.replicator.sink.Notices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void whatWaitsSurvivesARestartInItsOrder() {
    Outbox outbox = new Outbox(folder, 10);
    outbox.add(7, firing(0));
    outbox.add(8, firing(1));
    outbox.delivered(outbox.head().orElseThrow());

    Outbox later = new Outbox(folder, 10);

    assertThat(later.size()).isEqualTo(1);
    assertThat(later.newest()).isEqualTo(8);
    assertThat(later.head().orElseThrow().message().notice()).isEqualTo(firing(1));
  }

  @Test
  void theSameNumberIsTheSameMessage() {
    Outbox outbox = new Outbox(folder, 10);
    outbox.add(7, firing(0));
    outbox.add(7, firing(0));

    assertThat(outbox.size()).isEqualTo(1);
  }

  @Test
  void theOldestThatIsNotCriticalGoesFirstAndTheNextOneTells() {
    Outbox outbox = new Outbox(folder, 3);
    outbox.add(1, firing(1));
    outbox.add(2, resolved(2));
    outbox.add(3, resolved(3));
    outbox.add(4, firing(4));
    outbox.add(5, firing(5));
    outbox.add(6, firing(6));

    Outbox later = new Outbox(folder, 3);
    assertThat(numbers(later)).containsExactly(4L, 5L, 6L);
    assertThat(later.size()).isZero();
    assertThat(folder.toFile().list()).containsExactly("dropped");
  }

  /** Else it would stay open for ever where its begin is told. */
  @Test
  void whatBeganAndEndedMeanwhileGoesAsAWhole() {
    Outbox outbox = new Outbox(folder, 5);
    outbox.add(1, firing(1));
    outbox.add(2, firing(2));
    outbox.add(3, Notices.of(Event.STILL_FIRING, Severity.CRITICAL, NOON.plusSeconds(2)));
    outbox.add(4, resolved(2));
    outbox.add(5, resolved(3));
    outbox.add(6, firing(6));

    assertThat(outbox.dropped()).isEqualTo(3);
    assertThat(numbers(new Outbox(folder, 5))).containsExactly(1L, 5L, 6L);
  }

  @Test
  void theCountOfWhatWasDroppedIsToldOnce() {
    Outbox outbox = new Outbox(folder, 1);
    outbox.add(1, firing(1));
    outbox.add(2, firing(2));
    Outbox later = new Outbox(folder, 1);
    Outbox.Head head = later.head().orElseThrow();
    later.add(3, firing(3));
    later.delivered(head);

    assertThat(head.message().dropped()).isEqualTo(1);
    assertThat(later.head().orElseThrow().message().text())
        .endsWith("(1 earlier message was dropped, since too many waited)");
  }

  @Test
  void aDamagedFileIsCountedAndHoldsUpNothing() throws Exception {
    Outbox outbox = new Outbox(folder, 10);
    outbox.add(1, firing(1));
    outbox.add(2, firing(2));
    Files.writeString(folder.resolve("000000000000000001.json"), "{\"event\":");

    Outbox.Head head = new Outbox(folder, 10).head().orElseThrow();

    assertThat(head.number()).isEqualTo(2);
    assertThat(head.message().dropped()).isEqualTo(1);
  }

  @Test
  void aDamagedCountOfWhatWasDroppedHoldsUpNothing() throws Exception {
    new Outbox(folder, 10).add(1, firing(1));
    Files.write(folder.resolve("dropped"), new byte[] {'7', (byte) 0xb1});

    Outbox.Head head = new Outbox(folder, 10).head().orElseThrow();

    assertThat(head.number()).isEqualTo(1);
    assertThat(head.message().dropped()).isEqualTo(1);
  }

  @Test
  void whereNothingCanBeWrittenMessagesWaitInMemory() throws Exception {
    Path file = Files.createFile(folder.resolve("no-folder"));
    Outbox outbox = new Outbox(file.resolve("outbox"), 10);

    outbox.add(1, firing(1));

    assertThat(outbox.head().orElseThrow().message().notice()).isEqualTo(firing(1));
  }

  private static List<Long> numbers(Outbox outbox) {
    List<Long> numbers = new ArrayList<>();
    while (outbox.size() > 0) {
      Outbox.Head head = outbox.head().orElseThrow();
      numbers.add(head.number());
      outbox.delivered(head);
    }
    return numbers;
  }

  private static Notice firing(int second) {
    return Notices.of(Event.FIRING, Severity.CRITICAL, NOON.plusSeconds(second));
  }

  private static Notice resolved(int second) {
    return Notices.of(Event.RESOLVED, Severity.CRITICAL, NOON.plusSeconds(second));
  }
}
