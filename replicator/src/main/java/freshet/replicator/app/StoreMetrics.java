package freshet.replicator.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.LongSupplier;

/**
 * What /metrics tells of a slave's store.
 *
 * @param freeBytes on its disk
 */
record StoreMetrics(LongSupplier freeBytes) implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("freshet_store_free_bytes", freeBytes, LongSupplier::getAsLong)
        .description("Free bytes on the disk of the store")
        .register(registry);
  }
}
