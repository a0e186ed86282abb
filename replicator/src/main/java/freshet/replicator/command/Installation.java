package freshet.replicator.command;

import java.nio.file.Path;

/** The folder that holds bin and conf. */
public final class Installation {
  private Installation() {}

  /** A file of it, by a short name for those who work inside. */
  public static Path file(String relative) {
    Path file = Path.of(System.getProperty("freshet.home", ".")).resolve(relative);
    Path here = Path.of("").toAbsolutePath();
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
  }
}
