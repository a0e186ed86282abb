package freshet.replicator.repository;

/**
 * How far a work over many bytes has come.
 *
 * @param bytes done so far
 * @param ofBytes to do in all
 */
public record ByteProgress(long bytes, long ofBytes) {}
