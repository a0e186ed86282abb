package freshet.replicator.app;

import freshet.replicator.flight.Traffic;
import freshet.replicator.serve.TransferStatus;
import java.util.function.Supplier;

/**
 * What the recorder samples of what is sent to slaves.
 *
 * @param transfers of the node's server
 */
public record ServedTraffic(Supplier<TransferStatus> transfers) implements Supplier<Traffic> {

  @Override
  public Traffic get() {
    TransferStatus now = transfers.get();
    return new Traffic(now.transfers(), now.sentBytes());
  }
}
