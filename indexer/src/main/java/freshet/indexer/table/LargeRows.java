package freshet.indexer.table;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.DocumentKey;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows that no packet holds: columns that fit together by one query, a longer one in pieces.
 * That takes several statements, and no transaction lasts that long: the row counts as read if its
 * version and the lengths of its columns are the same before and after.
 */
final class LargeRows {
  private static final int ATTEMPTS = 3;

  /** SUBSTRING counts characters of text: none has more bytes than this in any character set. */
  private static final int BYTES_OF_CHARACTER = 4;

  private final PollSession session;
  private final PollStatements statements;
  private final RowReader rows;

  LargeRows(PollSession session, PollStatements statements, RowReader rows) {
    this.session = session;
    this.statements = statements;
    this.rows = rows;
  }

  /** How large the rows of these keys are; those that do not exist are missing. */
  List<RowSizes> measure(List<DocumentKey> keys) throws SourceException {
    return session.run(
        "measuring rows",
        on -> {
          List<RowSizes> sizes = new ArrayList<>();
          on.read(statements.sizes(keys), row -> sizes.add(sizes(row)));
          return sizes;
        });
  }

  private RowSizes sizes(ResultSet row) throws SQLException {
    List<Long> bytes = new ArrayList<>();
    for (int i = 0; i < statements.columns(); i++) {
      bytes.add(row.getLong(2 + rows.keyColumns() + i));
    }
    return new RowSizes(rows.pair(row), bytes);
  }

  /**
   * Reads a row.
   *
   * @param measured its size a moment ago
   * @param most bytes of columns that fit into one packet
   * @return null if it does not exist any more; {@link Row.Gone} if it changes faster than it is
   *     read
   */
  @Nullable Row read(RowSizes measured, long most) throws SourceException {
    DocumentKey key = measured.pair().key();
    RowSizes before = measured;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (before.total() > rows.maxBytes()) {
        return rows.setAsideTooLarge(before.pair(), before.total());
      }
      List<@Nullable String> texts =
          new ArrayList<>(Collections.nCopies(statements.columns(), null));
      Set<Integer> cutOff = new HashSet<>();
      for (RowSizes.Step step : before.steps(most)) {
        switch (step) {
          case RowSizes.Step.Together(List<Integer> columns) -> {
            boolean isWhole = together(key, columns, texts, cutOff);
            // A column of which the server has more is set aside with that as its reason.
            if (!isWhole && cutOff.isEmpty()) {
              return rows.setAsideCutShort(before.pair());
            }
          }
          case RowSizes.Step.InPieces(int column) -> {
            String text = inPieces(key, column, before.bytes().get(column), most);
            texts.set(column, text);
            if (text.isEmpty()) {
              cutOff.add(column);
            }
          }
        }
      }
      List<RowSizes> after = measure(List.of(key));
      if (after.isEmpty()) {
        return null;
      }
      if (after.getFirst().equals(before)) {
        return rows.assembled(before.pair(), new Columns.OfTexts(texts, cutOff));
      }
      before = after.getFirst();
    }
    // Not the version that it had last: that one is still to be read.
    return new Row.Gone(key, measured.pair().version());
  }

  /** Whether all values are what the query made. */
  private boolean together(
      DocumentKey key, List<Integer> columns, List<@Nullable String> texts, Set<Integer> cutOff)
      throws SourceException {
    return session.run(
        "reading columns of a large row",
        on ->
            on.readWhole(
                statements.columns(key, columns),
                row -> {
                  ResultTexts read = new ResultTexts(row);
                  for (int i = 0; i < columns.size(); i++) {
                    String text = read.lenient(1 + i);
                    texts.set(columns.get(i), text);
                    if (Columns.isCutOff(text, row, 1 + i)) {
                      cutOff.add(columns.get(i));
                    }
                  }
                  return true;
                }));
  }

  private String inPieces(DocumentKey key, int column, long bytes, long most)
      throws SourceException {
    long characters = Math.max(1, most / BYTES_OF_CHARACTER);
    StringBuilder text = new StringBuilder();
    Piece piece = Piece.NONE;
    // No text has more characters than bytes: what ends earlier gives empty pieces.
    for (long from = 1; from <= bytes; from += characters) {
      piece = piece(key, column, from, characters);
      if (piece.text().isEmpty()) {
        break;
      }
      text.append(piece.text());
    }
    return piece.isBinary() ? Piece.decoded(text) : text.toString();
  }

  private Piece piece(DocumentKey key, int column, long from, long characters)
      throws SourceException {
    return session.run(
        "reading a piece of a large row",
        on -> {
          List<Piece> read = new ArrayList<>(List.of(Piece.NONE));
          on.read(
              statements.piece(key, column, from, characters),
              row -> read.set(0, Piece.of(row)) != null);
          return read.getFirst();
        });
  }

  /**
   * A part of a column.
   *
   * @param text of bytes that are no text each as a character, since a character of theirs may have
   *     been cut in two
   */
  private record Piece(String text, boolean isBinary) {
    static final Piece NONE = new Piece("", false);

    static Piece of(ResultSet row) throws SQLException {
      return switch (row.getMetaData().getColumnType(1)) {
        case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> {
          byte[] bytes = row.getBytes(1);
          yield bytes == null
              ? NONE
              : new Piece(new String(bytes, StandardCharsets.ISO_8859_1), true);
        }
        default -> {
          String text = row.getString(1);
          yield text == null ? NONE : new Piece(text, false);
        }
      };
    }

    /** As the driver makes a text of such a column in other rows. */
    static String decoded(StringBuilder bytes) {
      return new String(
          bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
  }
}
