package freshet.replicator.app;

import freshet.replicator.serve.TransferStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;

/** What serving takes, in the form that Prometheus reads; of masters and of slaves. */
public final class TransferMetrics implements MeterBinder {
  private final Supplier<TransferStatus> status;

  /** Asks for the status whenever it is scraped. */
  public TransferMetrics(Supplier<TransferStatus> status) {
    this.status = status;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("freshet_transfers", () -> status.get().transfers())
        .description("Files that are being sent, small ones not counted")
        .register(registry);
    Gauge.builder("freshet_transfers_slowed", () -> status.get().slowedSince() == null ? 0 : 1)
        .description("1 while slaves get less, since handshakes with the database are slow")
        .register(registry);
    FunctionCounter.builder("freshet_transfers_refused_total", this, m -> m.status.get().refused())
        .description("Requests that were told to come back later")
        .register(registry);
    FunctionCounter.builder("freshet_sent_bytes_total", this, m -> m.status.get().sentBytes())
        .description("What was sent to slaves, without headers")
        .register(registry);
  }
}
