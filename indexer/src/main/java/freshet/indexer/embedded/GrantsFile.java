package freshet.indexer.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The grants that Freshet ships for its account, with other names put in: what the demo and the
 * tests run by is then what an operator is told to run.
 *
 * @param account in SQL, such as {@code 'freshet'@'127.0.0.1'}
 * @param password of the account
 * @param database of the tables
 * @param documents the table of the documents
 * @param tombstones the table of the tombstones
 */
public record GrantsFile(
    String account, String password, String database, String documents, String tombstones) {

  /**
   * The statements of conf/grants.sql below this home, in order.
   *
   * @throws IOException if the file can't be read
   */
  public List<String> statements(Path home) throws IOException {
    String sql =
        Files.readString(home.resolve("conf").resolve("grants.sql"))
            .replaceAll("(?m)^--.*$", "")
            .replace("'freshet'@'%'", account)
            .replace("change-me", password)
            .replace("`classifieds`", "`" + database + "`")
            .replace("`listing`", "`" + documents + "`")
            .replace("`listing_deleted`", "`" + tombstones + "`");
    return Arrays.stream(sql.split(";", -1))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }
}
