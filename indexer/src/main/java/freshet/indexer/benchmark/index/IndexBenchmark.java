package freshet.indexer.benchmark.index;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Indexes the same documents in each way, in turns, and looks at every result. */
final class IndexBenchmark {
  private static final int WARM_UPS = 2;

  private final Inputs inputs;
  private final Consumer<String> talk;
  private final Time time;
  private final Contents expected;

  IndexBenchmark(Inputs inputs, Consumer<String> talk, Time time) {
    this.inputs = inputs;
    this.talk = talk;
    this.time = time;
    this.expected = Contents.of(inputs.documents());
  }

  IndexFigures run(int runs) throws Exception {
    Map<Way, List<Double>> seconds = new EnumMap<>(Way.class);
    for (int run = -WARM_UPS; run < runs; run++) {
      for (Way way : Way.values()) {
        double taken = seconds(way);
        talk.accept(String.format(Locale.ROOT, "run %d, %s: %.2f s", run, way, taken));
        if (run >= 0) {
          seconds.computeIfAbsent(way, one -> new ArrayList<>()).add(taken);
        }
      }
    }
    List<Double> raw = seconds.getOrDefault(Way.RAW, List.of());
    List<Double> bulk = seconds.getOrDefault(Way.BULK, List.of());
    List<Double> batches = seconds.getOrDefault(Way.BATCHES, List.of());
    return new IndexFigures(
        inputs.documents().size(),
        inputs.documentBytes(),
        inputs.byCity().size(),
        inputs.threads(),
        runs,
        perSecond(raw),
        perSecond(bulk),
        ratio(raw, bulk),
        perSecond(batches),
        ratio(raw, batches));
  }

  /** Repeats one way, for a profile. */
  void repeat(Way way, int runs) throws Exception {
    for (int run = 0; run < runs; run++) {
      talk.accept(String.format(Locale.ROOT, "run %d, %s: %.2f s", run, way, seconds(way)));
    }
  }

  private double seconds(Way way) throws Exception {
    Path folder = Files.createTempDirectory("freshet-index");
    try {
      long start = time.nanoTime();
      way.index(inputs, folder);
      double taken = time.since(start).toNanos() / 1e9;
      Contents found = Contents.of(folder);
      if (!found.equals(expected)) {
        throw new IllegalStateException(
            "%s: the indexes hold %s, expected %s".formatted(way, found, expected));
      }
      return taken;
    } finally {
      DurableFiles.deleteTree(folder);
    }
  }

  private long perSecond(List<Double> seconds) {
    return Math.round(inputs.documents().size() / median(seconds));
  }

  /** How fast one is beside its peer, by pairs of the same run. */
  private static double ratio(List<Double> peer, List<Double> own) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      ratios.add(peer.get(i) / own.get(i));
    }
    return median(ratios);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
