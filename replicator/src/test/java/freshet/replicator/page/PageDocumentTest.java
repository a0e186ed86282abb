package freshet.replicator.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageDocumentTest {
  private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)[^>]*>");

  private final String document = PageDocument.of(SamplePage.troubled(), CityQuery.FIRST);

  @Test
  void namesAndReasonsAreTextAndNothingElse() {
    assertThat(document)
        .contains("&lt;script&gt;document.title=&#39;evil&#39;&lt;/script&gt;&quot;&#39;&amp;")
        .doesNotContain("<script>document", "\u0007", "\u202e");
    Matcher tags = TAG.matcher(document);
    int scripts = 0;
    while (tags.find()) {
      assertThat(tags.group()).doesNotContain(" style=").doesNotContainPattern(" on[a-z]+=");
      scripts += tags.group(2).equals("script") && tags.group(1).isEmpty() ? 1 : 0;
    }
    assertThat(scripts).isEqualTo(1);
  }

  @Test
  void nothingComesFromElsewhere() {
    assertThat(document).doesNotContain("http:", "https:", "url(");
  }

  @Test
  void everySectionHasAHeading() {
    Map<String, Html> sections = Sections.of(SamplePage.fresh(), CityQuery.FIRST);
    assertThat(sections)
        .containsOnlyKeys(
            "headline",
            "incidents",
            "picture",
            "fleet",
            "cities",
            "handshakes",
            "failures",
            "generations");
    sections.forEach(
        (id, html) -> assertThat(document).contains("<div id=\"" + id + "\">").contains("<h2"));
  }

  @Test
  void theFleetTellsWhatOnCallAsks() {
    String fleet = Sections.of(SamplePage.fresh(), CityQuery.FIRST).get("fleet").toString();

    assertThat(fleet)
        .containsSubsequence(
            "web-2", "3-0000000421", "1.8 s; canary: 5.8 s", "114.6 GiB", "12,345 bytes")
        .containsSubsequence("web-2", "45.8 MiB", "867.8 MiB", "2026-03-01T11:59:58Z", "web-3");
  }

  @Test
  void handshakesAreCountedByPhase() {
    assertThat(Sections.of(SamplePage.fresh(), CityQuery.FIRST).get("handshakes").toString())
        .containsSubsequence(
            "Handshakes with replica-1:3306", "greeting", ">432<", ">0<", ">310<", ">110<", ">12<");
  }

  @Test
  void commandsSurviveAShell() {
    assertThat(Sections.of(SamplePage.fresh(), CityQuery.FIRST).get("generations").toString())
        .contains(
            "bin/replicator snapshots rollback 3-0000000419 --repository"
                + " &#39;/var/lib/freshet/it&#39;\\&#39;&#39;s a repository&#39;",
            "bin/replicator snapshots pin 3-0000000421",
            "bin/replicator snapshots unpin 3-0000000420",
            "bin/replicator approve &#39;--city=--all; rm -rf &#39;\\&#39;&#39;~&#39;\\&#39;&#39;&#39;")
        .doesNotContain("rollback 3-0000000421");
  }
}
