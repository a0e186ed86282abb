package freshet.indexer.source;

/**
 * Something that is not as a poll needs it.
 *
 * @param what is wrong, and what it leads to
 * @param evidence what was found
 * @param fix a statement or a step that puts it right
 */
public record Finding(String what, String evidence, String fix) {}
