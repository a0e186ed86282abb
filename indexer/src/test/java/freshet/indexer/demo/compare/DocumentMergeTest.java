package freshet.indexer.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DocumentMergeTest {
  private static final ComparedDocument ONE = document(1, "x", 10, Map.of("title", "a"));
  private static final ComparedDocument TWO = document(2, "y", 20, Map.of("title", "b"));

  @Test
  void equalSidesDoNotDiffer() throws Exception {
    assertThat(differences(List.of(ONE, TWO), List.of(ONE, TWO))).isEmpty();
    assertThat(differences(List.of(), List.of())).isEmpty();
  }

  @Test
  void documentThatOnlyTheTableHasIsMissing() throws Exception {
    assertThat(differences(List.of(ONE, TWO), List.of(TWO)))
        .containsExactly("s: document 1 is missing: database 'in city x', slave nothing");
    assertThat(differences(List.of(ONE, TWO), List.of(ONE)))
        .containsExactly("s: document 2 is missing: database 'in city y', slave nothing");
  }

  @Test
  void documentThatOnlyTheSlaveHasIsAGhost() throws Exception {
    assertThat(differences(List.of(TWO), List.of(ONE, TWO)))
        .containsExactly("s: document 1 is a ghost: database nothing, slave 'in city x'");
    assertThat(differences(List.of(ONE), List.of(ONE, TWO)))
        .containsExactly("s: document 2 is a ghost: database nothing, slave 'in city y'");
  }

  @Test
  void documentInTwoCitiesIsOneTooMany() throws Exception {
    ComparedDocument again = document(1, "y", 10, Map.of("title", "a"));
    assertThat(differences(List.of(ONE, TWO), List.of(again, ONE, TWO)))
        .containsExactly(
            "s: document 1 is a ghost: database 'once, in city x', slave 'once more, in city y'");
  }

  @Test
  void cityVersionAndFieldsAreNamedWithBothValues() throws Exception {
    ComparedDocument other = document(1, "y", 11, Map.of("title", "b", "url", "u"));
    assertThat(differences(List.of(ONE), List.of(other)))
        .containsExactly(
            "s: document 1 is in another city: database 'x', slave 'y'",
            "s: document 1 has another version: database '10', slave '11'",
            "s: document 1 differs in field title: database 'a', slave 'b'",
            "s: document 1 differs in field url: database nothing, slave 'u'");
  }

  @Test
  void allAreCountedAndTheFirstAreKept() throws Exception {
    Differences differences = new Differences();
    List<ComparedDocument> many =
        java.util.stream.LongStream.range(0, 50)
            .mapToObj(id -> document(id, "x", 1, Map.of()))
            .toList();
    assertThat(new DocumentMerge("s", differences).run(stream(many), stream(List.of())))
        .isEqualTo(50);
    assertThat(differences.count()).isEqualTo(50);
    assertThat(differences.first()).hasSize(20).first().extracting("document").isEqualTo(0L);
  }

  @Test
  void documentsOfTheTableAreCounted() throws Exception {
    Differences differences = new Differences();
    DocumentMerge merge = new DocumentMerge("s", differences);
    assertThat(merge.run(stream(List.of(TWO)), stream(List.of(ONE, TWO)))).isEqualTo(1);
    assertThat(merge.run(stream(List.of(ONE, TWO)), stream(List.of(ONE)))).isEqualTo(2);
  }

  private static List<String> differences(
      List<ComparedDocument> table, List<ComparedDocument> served) throws Exception {
    Differences differences = new Differences();
    new DocumentMerge("s", differences).run(stream(table), stream(served));
    return differences.first().stream().map(Difference::describe).toList();
  }

  private static DocumentStream stream(List<ComparedDocument> documents) {
    Iterator<ComparedDocument> all = documents.iterator();
    return new DocumentStream() {
      @Override
      public ComparedDocument next() {
        return all.hasNext() ? all.next() : null;
      }

      @Override
      public void close() {}
    };
  }

  private static ComparedDocument document(
      long id, String city, long version, Map<String, String> fields) {
    return new ComparedDocument(id, city, version, new TreeMap<>(fields));
  }
}
