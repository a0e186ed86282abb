package freshet.indexer.source;

/** A memory for tests, which outlives the source and not the test. */
public final class VolatileMemory implements SourceMemory {
  private Remembered last = Remembered.NOTHING;

  @Override
  public Remembered read() {
    return last;
  }

  @Override
  public void keep(Remembered remembered) {
    last = remembered;
  }
}
