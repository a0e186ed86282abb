package freshet.replicator.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Finds conf/logback.xml of the installation, before the first logger is made. */
public final class Logging {
  /** Environment variable or system property: the level of Freshet's own loggers. */
  static final String LEVEL = "FRESHET_LOG_LEVEL";

  private static final String CONFIGURATION = "logback.configurationFile";

  /**
   * Lucene advises a JVM option on every start. Held here, since the JDK forgets unheld loggers.
   */
  private static final Logger VECTORS =
      Logger.getLogger("org.apache.lucene.internal.vectorization");

  private Logging() {}

  /** Called by a main method, whose class has no logger itself. */
  public static void configure() {
    VECTORS.setLevel(Level.SEVERE);
    Path file = Path.of(System.getProperty("freshet.home", ".")).resolve("conf/logback.xml");
    if (System.getProperty(CONFIGURATION) == null && Files.isReadable(file)) {
      System.setProperty(CONFIGURATION, file.toUri().toString());
    }
  }
}
