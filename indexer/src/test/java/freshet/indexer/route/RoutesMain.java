package freshet.indexer.route;

import freshet.indexer.merge.MergeOptions;
import freshet.indexer.merge.MergeQueue;
import freshet.replicator.files.Digest;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.lucene.util.BytesRef;

/**
 * Does with a routing table what a master does, over many documents, in a process whose heap
 * somebody else has bounded: learns it, as after an interrupted load; takes over batches of
 * changes; merges; looks keys up; and walks over all of them, as an id diff does. Says how long
 * each took. To be killed, or not. Arguments: folder, documents.
 */
final class RoutesMain {
  static final String SAYS = "learnt: ";
  static final String ENDED = "ended";

  private static final int CITIES = 700;
  private static final int BATCH = 10_000;
  private static final int BATCHES = 20;
  private static final Time TIME = new SystemTime();
  private static final KeyCodec CODEC = new KeyCodec(List.of(KeyType.BIGINT));

  private final RoutingTable table;
  private final int documents;

  private RoutesMain(RoutingTable table, int documents) {
    this.table = table;
    this.documents = documents;
  }

  public static void main(String... arguments) throws Exception {
    int documents = Integer.parseInt(arguments[1]);
    try (RoutingTable table = RoutingTable.open(Path.of(arguments[0]))) {
      RoutesMain main = new RoutesMain(table, documents);
      main.timed("learning", () -> learn(table, documents));
      main.timed("batches", main::change);
      main.timed("merges", main::merge);
      main.timed("look-ups", main::lookUp);
      main.timed("walk over all keys", main::walk);
      System.out.println(ENDED);
    }
  }

  /** Any order and no pattern: neighbours in one city are none in the other order. */
  static DocumentKey key(long document) {
    long mixed = (document + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return CODEC.encode(List.of(mixed ^ (mixed >>> 31)));
  }

  static City city(long document) {
    return new City("city " + document % CITIES);
  }

  static Digest contents(int documents) {
    return Digest.ofText("the cities hold " + documents);
  }

  static void learn(RoutingTable table, int documents) throws IOException {
    List<City> cities = new ArrayList<>();
    for (int i = 0; i < CITIES; i++) {
      cities.add(city(i));
    }
    table.rebuild(
        sink -> {
          for (int i = 0; i < documents; i++) {
            sink.accept(cities.get(i % CITIES), new BytesRef(key(i).bytes()));
            if (i % BATCH == 0) {
              System.out.println(SAYS + i);
            }
          }
        },
        SourcePosition.START,
        contents(documents));
  }

  /** Every third of a batch is new, every third moves, every third is gone. */
  private void change() throws IOException {
    for (int batch = 0; batch < BATCHES; batch++) {
      Map<DocumentKey, SortedSet<City>> places = new HashMap<>();
      for (int i = 0; i < BATCH; i++) {
        long document = batch * (long) BATCH + i;
        switch (i % 3) {
          case 0 -> places.put(key(documents + document), new TreeSet<>(List.of(city(document))));
          case 1 -> places.put(key(document), new TreeSet<>(List.of(city(document + 1))));
          default -> places.put(key(document), new TreeSet<>());
        }
      }
      table.update(places, SourcePosition.START, contents(documents));
    }
  }

  private void merge() throws InterruptedException {
    try (MergeQueue queue = new MergeQueue(MergeOptions.DEFAULT, TIME)) {
      queue.submit("routing", table);
      expect(queue.awaitIdle(Deadline.after(TIME, Duration.ofMinutes(10))), "merges end");
    }
  }

  private void lookUp() throws IOException {
    for (int batch = 0; batch < BATCHES; batch++) {
      List<DocumentKey> keys = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        keys.add(key(batch * (long) BATCH + i));
      }
      Map<DocumentKey, SortedSet<City>> found = table.citiesOf(keys);
      for (int i = 0; i < BATCH; i++) {
        long document = batch * (long) BATCH + i;
        SortedSet<City> wanted =
            switch (i % 3) {
              case 0 -> new TreeSet<>(List.of(city(document)));
              case 1 -> new TreeSet<>(List.of(city(document + 1)));
              default -> new TreeSet<>();
            };
        expect(
            found.getOrDefault(keys.get(i), new TreeSet<>()).equals(wanted),
            "document %d is in %s".formatted(document, wanted));
      }
    }
  }

  private void walk() throws IOException {
    long keys = 0;
    DocumentKey after = DocumentKey.EMPTY;
    List<DocumentKey> page;
    do {
      page = table.keysAfter(after, BATCH);
      keys += page.size();
      for (DocumentKey key : page) {
        expect(after.compareTo(key) < 0, "keys come in their order");
        after = key;
      }
    } while (page.size() == BATCH);
    expect(keys == table.size(), "the walk comes by all %d, not %d".formatted(table.size(), keys));
  }

  private interface Step {
    void run() throws Exception;
  }

  private void timed(String what, Step step) throws Exception {
    long start = TIME.nanoTime();
    step.run();
    System.out.println("%s: %d ms".formatted(what, TIME.since(start).toMillis()));
  }

  private static void expect(boolean isSo, String what) {
    if (!isSo) {
      throw new IllegalStateException("expected that " + what);
    }
  }
}
