package freshet.indexer.source;

/** The fake keeps the promises of the real source. */
class FakeChangeSourceTest extends ChangeSourceContract {
  private static final long LATE_TICKS = 2;

  private final FakeChangeSource source = new FakeChangeSource(BATCH_ROWS, 1_000);

  @Override
  ChangeSource source() {
    return source;
  }

  @Override
  void put(long id, String city, String title) {
    source.put(id, city, title);
  }

  @Override
  void putLate(long id, String city, String title) {
    source.putLate(id, city, title, LATE_TICKS);
  }

  @Override
  void delete(long id) {
    source.delete(id);
  }
}
