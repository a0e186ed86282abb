package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.IndexSchema;

/** A document's key as people type it. */
public final class KeyArgument {
  private KeyArgument() {}

  /** The key of an argument, by the types of a schema. */
  public static DocumentKey parse(IndexSchema schema, String id) throws CommandException {
    try {
      return schema.keyCodec().parse(id);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.USAGE,
          "'%s' is no key of a document: %s; columns are %s"
              .formatted(id, e.getMessage(), schema.keyCodec().types()),
          e);
    }
  }
}
