/**
 * What a process needs of its host, held against what the host gives, before it meets the limit at
 * night.
 *
 * <p>In: files below /proc and /sys, the folders of the configuration, how much is planned. Out:
 * {@link freshet.replicator.host.HostFinding}, by {@link freshet.replicator.host.HostRule}, which
 * is pure; {@link freshet.replicator.host.HostReader} reads the figures, and {@link
 * freshet.replicator.host.HostCheck} does both; {@link freshet.replicator.host.FolderAccess} looks
 * whose the folders are.
 *
 * <p>May import: {@code files}. Invariant: what can't be found out is no finding.
 */
@NullMarked
package freshet.replicator.host;

import org.jspecify.annotations.NullMarked;
