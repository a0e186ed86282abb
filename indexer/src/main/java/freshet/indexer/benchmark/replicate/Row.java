package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.Names;
import picocli.CommandLine;

/** What can be measured; the names of {@code --only}. */
enum Row {
  /** Bytes for a byte of changed text: many increments of one city. */
  WIRE_CITY,
  /** The same of many cities. */
  WIRE_CITIES,
  /** The same where a few documents change every second. */
  WIRE_SECONDS,
  /** How long an increment of a few cities takes a slave. */
  INCREMENT,
  /** What it costs a slave to find that there is nothing new. */
  NOTHING_NEW,
  /** A slave that has nothing yet. */
  FIRST_SYNC,
  /** From the commit in the database until a slave finds the document. */
  COMMIT_TO_SLAVE,
  /** Clones and the master's connections share a narrow link. */
  DATABASE_GUARD;

  /** For the help text; a test holds it to the constants. */
  static final String NAMES =
      "wire-city, wire-cities, wire-seconds, increment, nothing-new, first-sync, commit-to-slave,"
          + " database-guard";

  /** As it is written on the command line and in figures. */
  String text() {
    return Names.text(this);
  }

  /** Reads a name. */
  static final class Converter implements CommandLine.ITypeConverter<Row> {
    @Override
    public Row convert(String value) {
      return Names.read(Row.class, value);
    }
  }
}
