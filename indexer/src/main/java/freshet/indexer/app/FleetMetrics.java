package freshet.indexer.app;

import freshet.replicator.app.Shares;
import freshet.replicator.freshness.Age;
import freshet.replicator.page.SlaveRow;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/** What /metrics of a master tells of how old its work is, there and on the slaves. */
final class FleetMetrics implements MeterBinder {
  private final Supplier<List<SlaveRow>> fleet;
  private final Supplier<Age> published;
  private volatile List<SlaveRow> last = List.of();

  /**
   * Asks whenever it is scraped.
   *
   * @param fleet slaves that reported lately
   * @param published the age of what LATEST names
   */
  FleetMetrics(Supplier<List<SlaveRow>> fleet, Supplier<Age> published) {
    this.fleet = fleet;
    this.published = published;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("freshet_slaves", this, self -> self.last.size())
        .description("Slaves that reported lately")
        .register(registry);
    Shares.register(
        registry,
        "freshet_slave_age_seconds",
        "Age that this share of the slaves does not exceed; +Inf if unknown, NaN without slaves",
        Double.NaN,
        this::ages);
    Shares.register(
        registry,
        "freshet_slave_canary_age_seconds",
        "Age of the canary that this share of the slaves does not exceed that search for one;"
            + " +Inf if unknown, NaN without such slaves",
        Double.NaN,
        this::canaries);
    Gauge.builder("freshet_published_age_seconds", () -> published.get().secondsOr(Double.NaN))
        .description("Age of the oldest city of what LATEST names; NaN if unknown")
        .register(registry);
  }

  /** Reads the reports, before the series are read. */
  void refresh() {
    last = fleet.get();
  }

  private DoubleStream canaries() {
    return last.stream()
        .map(SlaveRow::canary)
        .filter(Objects::nonNull)
        .mapToDouble(age -> age.secondsOr(Double.POSITIVE_INFINITY));
  }

  private DoubleStream ages() {
    return last.stream().mapToDouble(slave -> slave.age().secondsOr(Double.POSITIVE_INFINITY));
  }
}
