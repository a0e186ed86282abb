package freshet.replicator.app;

import freshet.replicator.page.SlaveRow;
import freshet.replicator.serve.FleetView;
import java.util.List;

/** The slaves that report to a node, as the status page has them. */
public final class FleetRows {
  private FleetRows() {}

  /** Of these reports. */
  public static List<SlaveRow> of(FleetView.Fleet fleet) {
    return fleet.slaves().stream()
        .map(slave -> SlaveRow.of(slave.name(), slave.reportedAt(), slave.report(), fleet.at()))
        .toList();
  }
}
