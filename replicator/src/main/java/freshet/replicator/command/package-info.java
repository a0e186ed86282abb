/**
 * What the command lines of both roles share: options, exit codes, output, the signals of the
 * operating system, and the file by which a running daemon is found.
 *
 * <p>In: arguments and signals. Out: {@link freshet.replicator.command.Verb}, on which every verb
 * is built and which turns failures into {@link freshet.replicator.command.ExitCode}; {@link
 * freshet.replicator.command.DaemonFile}; {@link freshet.replicator.command.Signals}.
 *
 * <p>May import: {@code config}, {@code files}, {@code runtime}. Invariant: results go to standard
 * output, talk to standard error, and the exit code follows the class of a failure.
 */
@NullMarked
package freshet.replicator.command;

import org.jspecify.annotations.NullMarked;
