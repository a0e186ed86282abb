package freshet.replicator.incident;

/**
 * What to do.
 *
 * @param nextCommand to run first
 * @param heading of docs/troubleshooting.md, where it goes on
 */
public record Advice(String nextCommand, String heading) {}
