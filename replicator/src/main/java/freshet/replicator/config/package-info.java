/**
 * Reads a configuration file whole before anything starts, and reports all its mistakes at once.
 *
 * <p>In: a YAML file and the environment. Out: {@link freshet.replicator.config.ConfigFile}, the
 * entry type; its {@link freshet.replicator.config.ConfigSection}s, whose typed getters collect
 * problems and go on; {@link freshet.replicator.config.ConfigException} with every {@link
 * freshet.replicator.config.ConfigProblem}; {@link freshet.replicator.config.Secret}.
 *
 * <p>May import: {@code runtime}, {@code files}. Invariant: a configuration with a problem, an
 * unknown key included, never becomes a value; nothing is clamped or guessed.
 */
@NullMarked
package freshet.replicator.config;

import org.jspecify.annotations.NullMarked;
