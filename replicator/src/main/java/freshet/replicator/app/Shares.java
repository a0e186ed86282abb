package freshet.replicator.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/**
 * How a figure is spread over cities or slaves, in a few series however many there are: the value
 * that this share of them does not exceed. The label is not {@code quantile}, which Prometheus
 * keeps for summaries.
 */
public final class Shares {
  private static final List<Double> SHARES = List.of(0.5, 0.9, 0.99, 1.0);

  private Shares() {}

  /**
   * Registers the series of a figure.
   *
   * @param none its value while there is nothing to tell of
   */
  public static void register(
      MeterRegistry registry,
      String name,
      String text,
      double none,
      Supplier<DoubleStream> values) {
    for (double share : SHARES) {
      Gauge.builder(name, () -> of(values.get(), share, none))
          .description(text)
          .tag("share", String.valueOf(share))
          .register(registry);
    }
  }

  private static double of(DoubleStream values, double share, double none) {
    double[] sorted = values.sorted().toArray();
    return sorted.length == 0 ? none : sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
