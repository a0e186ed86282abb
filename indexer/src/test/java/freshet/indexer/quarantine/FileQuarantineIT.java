package freshet.indexer.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.quarantine.QuarantineEntry.State;
import freshet.indexer.quarantine.QuarantineRequests.Wish;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileQuarantineIT {
  private static final String REASON = "its city is NULL";

  @TempDir Path folder;
  private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
  private Path file;
  private FileQuarantine quarantine;

  @BeforeEach
  void begin() throws IOException {
    file = folder.resolve("not/there/yet/quarantine.jsonl");
    open(10_000);
  }

  private void open(long maxBytes) throws IOException {
    quarantine = new FileQuarantine(file, maxBytes, time);
  }

  private static DocumentKey key(int id) {
    return new DocumentKey(new byte[] {0, (byte) (id >> 8), (byte) id});
  }

  private static SetAside row(int id, long version, String reason) {
    return new SetAside(key(id), Integer.toString(id), "listing", version, reason, "correct it");
  }

  private void setAside(int id, long version, String reason) {
    quarantine.setAside(row(id, version, reason));
    quarantine.save();
  }

  private List<QuarantineEntry> look() throws IOException {
    return FileQuarantine.look(file);
  }

  private void ask(Wish wish, int... ids) throws IOException {
    new QuarantineRequests(file)
        .ask(wish, java.util.Arrays.stream(ids).mapToObj(FileQuarantineIT::key).toList());
  }

  @Test
  void anEntryTellsWhatWhereWhySinceWhenAndHowOften() throws Exception {
    setAside(7, 5, REASON);
    time.advance(Duration.ofSeconds(9));
    setAside(7, 5, REASON);
    open(10_000);
    time.advance(Duration.ofSeconds(1));
    setAside(7, 6, "too \"large\"\nby far");

    assertThat(look())
        .containsExactly(
            new QuarantineEntry(
                row(7, 6, "too \"large\"\nby far"),
                Instant.parse("2026-01-01T00:00:00Z"),
                Instant.parse("2026-01-01T00:00:10Z"),
                3,
                State.WAITING));
    assertThat(quarantine.rows()).isEqualTo(1);
  }

  @Test
  void aRowWithoutVersionAndKeyIsAnEntryToo() throws Exception {
    SetAside row =
        new SetAside(DocumentKey.EMPTY, "NULL", "listing", null, "no key", "give it one");
    quarantine.setAside(row);
    quarantine.save();
    assertThat(look()).extracting(QuarantineEntry::row).containsExactly(row);
    new QuarantineRequests(file).ask(Wish.RETRY, List.of(DocumentKey.EMPTY));
    assertThat(quarantine.toRetry()).isEmpty();
  }

  @Test
  void whatWasReadAndPublishedIsNoMore() throws Exception {
    setAside(1, 5, REASON);
    setAside(2, 5, REASON);
    quarantine.resolve(List.of(key(1), key(3)));
    assertThat(look()).extracting(entry -> entry.row().id()).containsExactly("2");
    open(10_000);
    assertThat(quarantine.rows()).isEqualTo(1);
  }

  @Test
  void fileKeepsItsBoundAndTheRowsThatAreInIt() throws Exception {
    open(3_000);
    for (int id = 0; id < 100; id++) {
      setAside(id, 5, REASON);
    }
    int kept = quarantine.rows();
    assertThat(kept).isBetween(5, 20);
    for (int i = 0; i < 100; i++) {
      setAside(i % kept, 5, REASON + i % 7);
      assertThat(Files.size(file)).isLessThanOrEqualTo(3_000);
    }
    assertThat(look()).hasSize(kept);
    quarantine.resolve(List.of(key(0)));
    setAside(101, 5, REASON);
    assertThat(look()).hasSize(kept).last().extracting(entry -> entry.row().id()).isEqualTo("101");
  }

  @Test
  void lineCutShortByACrashCostsNoOtherLine() throws Exception {
    setAside(1, 5, REASON);
    setAside(2, 5, REASON);
    byte[] whole = Files.readAllBytes(file);
    int first = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
    for (int length = first; length < whole.length; length += 7) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      open(10_000);
      setAside(3, 5, REASON);
      assertThat(look()).extracting(entry -> entry.row().id()).contains("1", "3");
    }
    Files.writeString(file, "{\"id\":\"old\"}\n", StandardOpenOption.APPEND);
    assertThat(look()).hasSize(2);
  }

  @Test
  void aRequestIsSeenAtOnceAndTakesEffectAtTheNextPoll() throws Exception {
    setAside(1, 5, REASON);
    setAside(2, 5, REASON);
    ask(Wish.RETRY, 1);
    assertThat(look())
        .extracting(QuarantineEntry::state)
        .containsExactly(State.RETRY, State.WAITING);

    assertThat(quarantine.toRetry()).containsExactly(key(1));
    assertThat(requests()).isEmpty();
    // Until it was read and published, or was read and is no document still.
    open(10_000);
    assertThat(quarantine.toRetry()).containsExactly(key(1));
    setAside(1, 5, REASON);
    assertThat(quarantine.toRetry()).isEmpty();
    assertThat(look()).extracting(QuarantineEntry::times).containsExactly(2L, 1L);
  }

  @Test
  void keysThatAreAskedAreReadUntilTheyArePublishedOrSetAside() throws Exception {
    AskedKeys asked = new AskedKeys(file);
    asked.ask(List.of(key(1), key(2), key(3)));
    assertThat(asked.isOpen()).isTrue();
    assertThat(quarantine.toRetry()).containsExactlyInAnyOrder(key(1), key(2), key(3));

    quarantine.resolve(List.of(key(1)));
    setAside(2, 5, REASON);
    assertThat(quarantine.toRetry()).containsExactly(key(3));
    // What was not published by the process that ended is asked for again.
    open(10_000);
    assertThat(quarantine.toRetry()).contains(key(3));
    quarantine.resolve(List.of(key(1), key(2), key(3)));
    assertThat(asked.isOpen()).isFalse();
    assertThat(quarantine.toRetry()).isEmpty();
  }

  @Test
  void manyAskedKeysAreTakenUpAFileAtATime() throws Exception {
    AskedKeys asked = new AskedKeys(file);
    asked.ask(IntStream.rangeClosed(1, 25_000).mapToObj(FileQuarantineIT::key).toList());
    int read = 0;
    while (asked.isOpen()) {
      List<DocumentKey> keys = quarantine.toRetry();
      assertThat(keys).hasSizeBetween(1, 10_000);
      read += keys.size();
      quarantine.resolve(keys);
    }
    assertThat(read).isEqualTo(25_000);
  }

  @Test
  void aDroppedRowComesBackOnlyIfItIsWrongInAnotherWay() throws Exception {
    setAside(1, 5, REASON);
    setAside(2, 5, REASON);
    ask(Wish.DROP, 1, 2);
    assertThat(look()).isEmpty();
    assertThat(quarantine.toRetry()).isEmpty();
    assertThat(quarantine.rows()).isZero();
    open(10_000);
    setAside(1, 5, REASON);
    setAside(2, 5, REASON);
    assertThat(quarantine.rows()).isZero();
    setAside(1, 6, REASON);
    setAside(2, 5, "something else");
    assertThat(look()).hasSize(2).allMatch(entry -> entry.times() == 1);
  }

  @Test
  void aRequestForARowThatIsNotThereAndOneThatIsNoneAreTakenUpToo() throws Exception {
    ask(Wish.RETRY, 9);
    Files.writeString(requestsFolder().resolve("x.request"), "");
    assertThat(quarantine.toRetry()).isEmpty();
    assertThat(requests()).isEmpty();
  }

  private Path requestsFolder() {
    return file.resolveSibling("quarantine.jsonl.requests");
  }

  private List<Path> requests() throws IOException {
    try (Stream<Path> files = Files.list(requestsFolder())) {
      return files.toList();
    }
  }
}
