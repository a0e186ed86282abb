package freshet.replicator.command;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.status.NopStatusListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Finds conf/logback.xml of the installation, and opens log files anew. */
public final class Logging {
  /** Environment variable or system property: the level of Freshet's own loggers. */
  static final String LEVEL = "FRESHET_LOG_LEVEL";

  /** Likewise: the folder of the log file. */
  private static final String FOLDER = "FRESHET_LOG";

  private static final String LISTENER = "logback.statusListenerClass";
  private static final String CONFIGURATION = "logback.configurationFile";

  /**
   * Lucene advises a JVM option on every start. Held here, since the JDK forgets unheld loggers.
   */
  private static final Logger VECTORS =
      Logger.getLogger("org.apache.lucene.internal.vectorization");

  private Logging() {}

  /** Logs warnings and errors alone, if it is called before anything logs. */
  public static void warnOnly() {
    System.setProperty(LEVEL, "WARN");
  }

  /**
   * Logs errors alone, likewise: those are alerts, each of which is told once. Of the rest a run of
   * cron would tell each minute anew, and the failure that ends it is printed anyway.
   */
  static void errorsOnly() {
    System.setProperty(LEVEL, "ERROR");
  }

  /**
   * Opens every log file by its name again, which a rotation from outside has given to another
   * file. No message is lost; one that is being written ends in the old file.
   *
   * @return the files
   */
  static List<String> reopen() throws IOException {
    List<String> files = new ArrayList<>();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      for (ch.qos.logback.classic.Logger logger : context.getLoggerList()) {
        for (Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders();
            all.hasNext(); ) {
          if (all.next() instanceof FileAppender<ILoggingEvent> appender) {
            appender.openFile(appender.getFile());
            files.add(appender.getFile());
          }
        }
      }
    }
    return files;
  }

  /** Called by a main method, whose class has no logger itself. */
  public static void configure() {
    VECTORS.setLevel(Level.SEVERE);
    Path file = Path.of(System.getProperty("freshet.home", ".")).resolve("conf/logback.xml");
    if (System.getProperty(CONFIGURATION) == null && Files.isReadable(file)) {
      System.setProperty(CONFIGURATION, file.toUri().toString());
    }
    String folder = System.getProperty(FOLDER, System.getenv(FOLDER));
    if (folder != null) {
      problemWith(Path.of(folder))
          .ifPresent(
              problem -> {
                System.err.println(problem);
                // Else Logback says the same in dozens of lines.
                System.setProperty(LISTENER, NopStatusListener.class.getName());
              });
    }
  }

  /** Why no log can be written to a folder, which is made if it is absent. */
  static Optional<String> problemWith(Path folder) {
    try {
      Files.createDirectories(folder);
      if (Files.isWritable(folder)) {
        return Optional.empty();
      }
    } catch (IOException e) {
      // It is not there then, and that is all that matters.
    }
    String account = System.getProperty("user.name", "unknown");
    return Optional.of(
        "%s: no log is written to %s, which %s can't write to; make it with: install -o %s -d %s"
            .formatted(FOLDER, folder, account, account, folder));
  }
}
