package freshet.replicator.command;

/**
 * A command that another program runs, which reads the first line of standard output and nothing
 * else. A mistake in its arguments is told there, too.
 */
public interface LinePlugin {

  /** What to print where the arguments make no sense: one line. */
  String misuse(String why);
}
