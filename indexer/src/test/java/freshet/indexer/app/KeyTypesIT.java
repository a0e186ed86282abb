package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.app.ReplicatorMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The rows about keys of the table "From MySQL types to fields", from the table to a hit. */
@Timeout(120)
class KeyTypesIT {
  /** The names of the rows. */
  static final Set<String> ROWS =
      Set.of(
          "composite keys",
          "BIGINT UNSIGNED keys",
          "BINARY(16) keys",
          "case-insensitive string keys");

  private static final String LAST =
      "Zürich 🏠,ffffffffffffffffffffffffffffffff,18446744073709551615";
  private static final String FIRST = "a,00000000000000000000000000000000,0";

  @RegisterExtension static final DatabaseFixture DATABASE = new DatabaseFixture();

  @TempDir Path folder;

  @Test
  void aCompositeKeyOfAllTypesNamesItsDocumentEverywhere() throws Exception {
    TypeTable table = new TypeTable(DATABASE, folder);
    table.create(
        "site VARCHAR(20) COLLATE utf8mb4_unicode_ci NOT NULL, uid BINARY(16) NOT NULL,"
            + " n BIGINT UNSIGNED NOT NULL, PRIMARY KEY (site, uid, n)",
        List.of("title VARCHAR(20)"));
    table.insert(
        List.of(
            "('Zürich 🏠', UNHEX(REPEAT('FF', 16)), 18446744073709551615, 'c', '2026-01-01', 'last')",
            "('a', UNHEX(REPEAT('00', 16)), 0, 'c', '2026-01-01', 'first')"));
    table.configure(
        "{column: site, type: string}, {column: uid, type: binary},"
            + " {column: n, type: bigint_unsigned}",
        List.of("{name: title, type: text}"));
    table.run(0, "build");

    assertThat(search("title:last")).contains("1 document matches", "c  " + LAST, "title: last");
    assertThat(search("title:first")).contains("c  " + FIRST);
    assertThat(table.run(0, "explain", LAST)).contains("in city c, and so it is published");
    assertThat(table.run(0, "preview", "--id", FIRST)).contains(FIRST + ": city c");
    // The database takes it for the same key, and answers with its own letters.
    assertThat(table.run(0, "preview", "--id", FIRST.replace("a,", "A,")))
        .contains(FIRST + ": city c");
    assertThat(table.run(1, "check-config"))
        .contains(
            "key column site of table typed is not compared byte by byte",
            "its collation is utf8mb4_unicode_ci",
            "COLLATE utf8mb4_bin");

    table.sql("UPDATE typed SET site = 'A', v = UTC_TIMESTAMP(6) WHERE n = 0");
    table.run(0, "build");
    // The old one is gone at the latest by now.
    table.run(0, "diff", "--repair");
    assertThat(search("title:first"))
        .contains("1 document matches", "c  " + FIRST.replace("a,", "A,"));
  }

  private String search(String query) {
    StringWriter out = new StringWriter();
    String[] all = {"search", "*", query, "--in", folder.resolve("data/repository").toString()};
    ReplicatorMain.commandLine(all)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(all);
    return out.toString();
  }
}
