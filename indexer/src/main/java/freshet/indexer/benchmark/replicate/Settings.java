package freshet.indexer.benchmark.replicate;

/** Sections of masters' configurations, and options of their peers. */
final class Settings {
  /**
   * Where bytes are counted: small, and each merge is pulled with its commit, so that what it costs
   * counts with its increment.
   */
  static final String WIRE =
      """
      index: {folder: index, compression: best}
      merge: {advertise_above: 1TB}
      """;

  /** A daemon on a port of its own, with a cycle every second. */
  static final String DAEMON =
      """
      index: {folder: index}
      schedule: {build: "* * * * * ?"}
      server: {listen: 127.0.0.1:0}
      """;

  /** The same that sends as fast as it can, whatever handshakes with the database do. */
  static final String UNGUARDED =
      """
      index: {folder: index}
      schedule: {build: "* * * * * ?"}
      server: {listen: 127.0.0.1:0, yield_to_database: false}
      """;

  /** Packs hold files that the repository has one by one as well. */
  static final String NO_PACKS = "--exclude=/packs/";

  private Settings() {}
}
