package freshet.indexer.embedded;

import freshet.replicator.runtime.SystemTime;

/** A JVM with one server in it, to be ended in various ways; prints pid and folder when ready. */
final class EmbeddedServerMain {
  private EmbeddedServerMain() {}

  public static void main(String[] arguments) throws Exception {
    SystemTime time = new SystemTime();
    long start = time.nanoTime();
    DatabaseServer server = TestFlavor.chosen().start(ServerOptions.temporary(1), time);
    System.out.println(server.process().pid() + " " + server.folder());
    System.err.println("start took " + (time.nanoTime() - start) / 1_000_000 + " ms");
    while (System.in.read() >= 0) {
      continue;
    }
  }
}
