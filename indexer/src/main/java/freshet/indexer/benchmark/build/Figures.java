package freshet.indexer.benchmark.build;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a run of the benchmark found.
 *
 * @param documents of the smaller table
 * @param cities of the smaller table
 * @param runs of each measurement
 * @param notes what else one has to know, such as that there was no peer
 * @param figures in the order in which they were measured
 */
public record Figures(
    int documents, int cities, int runs, List<String> notes, List<Figure> figures) {

  /** Copies the lists. */
  public Figures {
    notes = List.copyOf(notes);
    figures = List.copyOf(figures);
  }

  /** Whether no target was missed. */
  @JsonProperty
  public boolean areMet() {
    return figures.stream().noneMatch(figure -> figure.verdict() == Figure.Verdict.MISSED);
  }

  /** For people. */
  public String text() {
    return "%,d documents in %d cities, median of %d runs%n"
            .formatted(documents, cities, runs)
            .concat(notes.stream().map(note -> note + "\n").collect(Collectors.joining()))
        + figures.stream().map(Figure::text).collect(Collectors.joining("\n"));
  }
}
