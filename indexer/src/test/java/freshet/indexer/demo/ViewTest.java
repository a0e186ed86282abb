package freshet.indexer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.demo.data.ChangeKind;
import freshet.indexer.demo.fleet.MasterState;
import freshet.indexer.demo.fleet.SlaveState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewTest {
  private static final URI MASTER = URI.create("http://127.0.0.1:8700");
  private static final URI SLAVE = URI.create("http://127.0.0.1:8701");
  private static final View.Progress PROGRESS =
      new View.Progress(
          Duration.ofSeconds(42),
          Duration.ofSeconds(60),
          11_547,
          new EnumMap<>(Map.of(ChangeKind.EDIT, 30L)),
          20.13,
          3);

  @Test
  void terminalShowsGenerationAgeStagesCyclesAndAddresses() {
    Map<String, Duration> stages = new LinkedHashMap<>();
    stages.put("replica lag", Duration.ofMillis(400));
    stages.put("poll", Duration.ofMillis(20));
    stages.put("waiting for pull", Duration.ofMillis(1100));
    View.Seen seen =
        new View.Seen(
            MASTER,
            new MasterState("1-0000000007", List.of("a cycle"), "the schedule"),
            List.of(
                new View.Slave(
                    "slave-1",
                    SLAVE,
                    new SlaveState(
                        "1-0000000006", 11_540, Duration.ofMillis(1520), stages, null, ""))));
    assertThat(View.drawn(PROGRESS, seen))
        .containsExactly(
            "",
            "freshet demo   42 of 60 s",
            "database       11,547 documents, 20.1 changes a second, 3 kills",
            "               30 edits",
            "master         generation 1-0000000007  http://127.0.0.1:8700/status",
            "               waits for the schedule",
            "               a cycle",
            "slave-1        generation 1-0000000006, 11,540 documents, age 1.5 s "
                + " http://127.0.0.1:8701/status",
            "               replica lag 0.4 s, waiting for pull 1.1 s",
            "search         http://127.0.0.1:8701/search?q=balcony+garden&size=3",
            "               end with Ctrl-C");
  }

  @Test
  void killedDaemonDoesNotAnswer() {
    View.Seen seen = new View.Seen(MASTER, null, List.of(new View.Slave("slave-1", SLAVE, null)));
    assertThat(View.drawn(PROGRESS, seen))
        .contains("master         does not answer  http://127.0.0.1:8700/status")
        .contains("slave-1        does not answer  http://127.0.0.1:8701/status");
    assertThat(View.plain(PROGRESS, seen))
        .isEqualTo(
            "42 of 60 s: 11,547 documents, 20.1 changes a second, slave-1 does not answer,"
                + " 3 kills");
  }

  @Test
  void viewIsDrawnOverTheOneBeforeAndLinesDoNotWrap() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Talk talk = new Talk(new PrintStream(bytes, true, StandardCharsets.UTF_8), true, 10);
    talk.draw(List.of("one", "a line that is too long"));
    talk.draw(List.of("two"));
    talk.say("said");
    talk.draw(List.of("three"));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r\u001b[Jone\na line th…\n"
                + "\u001b[2A\r\u001b[Jtwo\n"
                + "said\n"
                + "\r\u001b[Jthree\n");
  }
}
