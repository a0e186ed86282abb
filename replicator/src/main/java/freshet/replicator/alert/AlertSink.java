package freshet.replicator.alert;

/** Where alerts go. */
public interface AlertSink {

  /**
   * Takes one alert, and returns soon: what has to be retried is kept by the sink itself.
   *
   * @throws RuntimeException if it could not even be taken; it is logged and not tried again
   */
  void send(Alert alert);
}
