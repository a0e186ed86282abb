package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.source.Finding;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The stages that are open. To adopt a rebuild, source, cities and routes are closed, the folders
 * replaced, and all opened anew by what the new indexes are built by: as at a start. What fails in
 * between is taken up again by the next call.
 */
final class WorkingStages implements AutoCloseable {
  private final Stages.Opening opening;
  private final Adoption adoption;
  private volatile Stages stages;
  private boolean isOpen = true;

  WorkingStages(Stages stages, Stages.Opening opening, Adoption adoption) {
    this.stages = stages;
    this.opening = opening;
    this.adoption = adoption;
  }

  Stages stages() {
    return stages;
  }

  /**
   * Adopts a rebuild that is ready, unless a city is overdue.
   *
   * @return whether other stages are open now than before
   */
  boolean follow() throws IOException, BuildException {
    if (isOpen && (!adoption.isDue() || isBusy())) {
      return false;
    }
    close();
    adoption.run();
    stages = opening.open();
    isOpen = true;
    return true;
  }

  /** An index at which a thread is at work stays open, and locked for whoever opens it next. */
  private boolean isBusy() {
    stages.cities().takeUpOverdue();
    SortedMap<City, BuildException> overdue = stages.cities().overdue();
    if (overdue.isEmpty()) {
      return false;
    }
    adoption.awaits(overdue.firstEntry().getValue());
    return true;
  }

  /** What is wrong with what is open, and with a rebuild that is not adopted. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(stages.findings());
    adoption.finding().ifPresent(findings::add);
    return findings;
  }

  @Override
  public void close() throws IOException {
    if (isOpen) {
      isOpen = false;
      stages.close();
    }
  }
}
