package freshet.indexer.app;

import freshet.indexer.build.CityStatistics;
import freshet.indexer.build.CommitFigures;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.table.CityFilter;
import freshet.replicator.app.CityWords;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All cities that a master works on, has published, or is to index.
 *
 * @param generation that is published; null before the first publication
 * @param cities by name
 */
record CityList(@Nullable Generation generation, List<Line> cities) {

  /**
   * A city.
   *
   * @param city its name
   * @param documents live documents of its working index
   * @param deleted documents that are deleted, but not merged away yet
   * @param segments of the working index
   * @param bytes of the working index
   * @param lastCommit of the working index; null if there is none
   * @param published documents that are published; null if it is not
   * @param publishedBytes of what is published
   * @param readThrough up to when what is published is complete; null if that is unknown
   * @param isBehind whether it failed, is held or catches up
   * @param held since when and why it is behind; null if it is not
   * @param isListed whether it is to be indexed
   */
  record Line(
      City city,
      long documents,
      long deleted,
      int segments,
      long bytes,
      @Nullable Instant lastCommit,
      @Nullable Long published,
      long publishedBytes,
      @Nullable Instant readThrough,
      boolean isBehind,
      HeldCities.@Nullable Held held,
      boolean isListed) {

    private static Line of(
        City city,
        @Nullable CityStatistics working,
        @Nullable CityEntry entry,
        @Nullable Advertisement latest,
        HeldCities.@Nullable Held held,
        boolean isListed) {
      return new Line(
          city,
          working == null ? 0 : working.documents(),
          working == null ? 0 : working.deleted(),
          working == null ? 0 : working.segments(),
          working == null ? 0 : working.bytes(),
          working == null ? null : working.lastCommit(),
          entry == null ? null : (Long) entry.documents(),
          entry == null ? 0 : entry.bytes(),
          entry == null || latest == null ? null : latest.readThrough(entry).orElse(null),
          held != null || (entry != null && entry.behind() != null),
          held,
          isListed);
    }

    /** What somebody may want to do something about, in words; empty if nothing. */
    String remarks() {
      List<String> remarks = new ArrayList<>();
      if (isBehind) {
        remarks.add("behind");
      }
      if (!isListed) {
        remarks.add("not listed");
      }
      if (lastCommit == null) {
        remarks.add(published == null ? "no rows yet" : "no working index");
      } else if (published == null) {
        remarks.add("not published yet");
      }
      if (published != null && published == 0) {
        remarks.add("empty");
      }
      return String.join(", ", remarks);
    }
  }

  /** Copies the list. */
  CityList {
    cities = List.copyOf(cities);
  }

  /** Looks at the folders, beside whoever works there. */
  static CityList read(IndexerConfig config, LocalRepository repository) throws IOException {
    Optional<Advertisement> latest = repository.latest();
    Snapshot snapshot = latest.isEmpty() ? null : repository.snapshot(latest.get());
    SortedMap<City, CityStatistics> working = new TreeMap<>();
    CommitFigures.all(Master.citiesFolder(config)).forEach(one -> working.put(one.city(), one));
    CityFilter filter = config.source().cities();
    SortedSet<City> all = new TreeSet<>(working.keySet());
    if (snapshot != null) {
      all.addAll(snapshot.cities().keySet());
    }
    if (filter.listed() != null) {
      all.addAll(filter.listed());
    }
    HeldCities held = HeldCities.read(config.work());
    List<Line> lines = new ArrayList<>();
    for (City city : all) {
      lines.add(
          Line.of(
              city,
              working.get(city),
              snapshot == null ? null : snapshot.cities().get(city),
              latest.orElse(null),
              held.cities().get(city),
              filter.allows(city)));
    }
    return new CityList(snapshot == null ? null : snapshot.generation(), lines);
  }

  /** In lines for people, with a last one of totals. */
  List<String> lines() {
    TextTable table =
        new TextTable(
            "city",
            "documents",
            "deleted",
            "segments",
            "bytes",
            "last commit",
            "published",
            "complete through",
            "held",
            "remarks");
    for (Line line : cities) {
      table.row(
          CityWords.name(line.city),
          line.documents,
          line.deleted,
          line.segments,
          line.bytes,
          text(line.lastCommit),
          line.published == null ? "-" : line.published,
          text(line.readThrough),
          line.held == null ? "-" : line.held,
          line.remarks());
    }
    table.row(
        Count.of(cities.size(), "city", "cities"),
        cities.stream().mapToLong(Line::documents).sum(),
        cities.stream().mapToLong(Line::deleted).sum(),
        cities.stream().mapToLong(Line::segments).sum(),
        cities.stream().mapToLong(Line::bytes).sum(),
        "",
        cities.stream().mapToLong(line -> line.published == null ? 0 : line.published).sum(),
        "",
        cities.stream().filter(line -> line.held != null).count(),
        generation == null ? "nothing published yet" : "generation " + generation);
    return table.lines();
  }

  private static String text(@Nullable Instant instant) {
    return instant == null ? "-" : instant.toString();
  }
}
