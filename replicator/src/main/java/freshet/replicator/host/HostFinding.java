package freshet.replicator.host;

/**
 * Something of the host that is less than what is needed.
 *
 * @param what is short, and what that leads to
 * @param found what there is
 * @param needed what there should be
 * @param fix how to get it
 * @param isFatal whether nothing can work without it, so that the process is not started
 */
public record HostFinding(String what, String found, String needed, String fix, boolean isFatal) {

  @Override
  public String toString() {
    return "%s: found %s, needed %s; fix: %s".formatted(what, found, needed, fix);
  }
}
