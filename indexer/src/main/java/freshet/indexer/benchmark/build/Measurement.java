package freshet.indexer.benchmark.build;

import picocli.CommandLine;

/** What can be measured; the names of {@code --only}. */
enum Measurement {
  /** A rebuild by a process of its own, from its start to the published snapshot. */
  REBUILD_COLD,
  /** A rebuild in a process that has done it before. */
  REBUILD_WARM,
  /** The larger table, by a process of its own. */
  REBUILD_LARGE,
  /** Changes in all cities at once. */
  INCREMENT_ALL,
  /** Changes in five cities. */
  INCREMENT_FEW,
  /** Changes in all cities every second. */
  OPERATING_POINT,
  /** What an increment writes for each byte of changed text. */
  BYTES,
  /** An increment as the corpus grows. */
  GROWTH,
  /** A cycle that finds nothing. */
  IDLE,
  /** A process that finds nothing to do. */
  START_UP;

  /** For the help text; a test holds it to the constants. */
  static final String NAMES =
      "rebuild-cold, rebuild-warm, rebuild-large, increment-all, increment-few, operating-point,"
          + " bytes, growth, idle, start-up";

  /** As it is written on the command line and in figures. */
  String text() {
    return Names.text(this);
  }

  /** Reads a name. */
  static final class Converter implements CommandLine.ITypeConverter<Measurement> {
    @Override
    public Measurement convert(String value) {
      return Names.read(Measurement.class, value);
    }
  }
}
