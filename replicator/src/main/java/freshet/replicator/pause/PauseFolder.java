package freshet.replicator.pause;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pauses of one repository or store: a file for everything, and one for each city, named as the
 * city's folder. Anybody may write them, each as a whole. One that has ended by itself stays until
 * somebody pauses or resumes the same again: to remove it meanwhile might hit one that has just
 * taken its place.
 *
 * @param layout of the repository or store
 */
public record PauseFolder(RepositoryLayout layout) {
  private static final String WHOLE = "whole";

  /**
   * All of them, those included that have ended by themselves. A file that is none is put aside.
   */
  public Pauses read() throws IOException {
    Pause whole = null;
    SortedMap<City, Pause> cities = new TreeMap<>();
    for (Pause pause : files().read()) {
      City city = pause.city();
      if (city == null) {
        whole = pause;
      } else {
        cities.put(city, pause);
      }
    }
    return new Pauses(whole, cities);
  }

  /** Begins a pause, or puts it in the place of the one before. It is on disk when this returns. */
  public void write(Pause pause) throws IOException {
    files().write(name(pause.city()), pause);
  }

  /**
   * Ends a pause, durably, if there is one.
   *
   * @param city whose; null for that of everything
   */
  public void remove(@Nullable City city) throws IOException {
    files().remove(name(city));
  }

  private RecordFiles<Pause> files() {
    // Nothing may stand still for ever by a file that nobody can read.
    return new RecordFiles<>(layout.pauses(), Pause.class, "no pause");
  }

  private static String name(@Nullable City city) {
    return city == null ? WHOLE : RecordFiles.nameOf(city);
  }
}
