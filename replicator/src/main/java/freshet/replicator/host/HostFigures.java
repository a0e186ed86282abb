package freshet.replicator.host;

import org.jspecify.annotations.Nullable;

/**
 * What a host gives to this process; null for what could not be found out, such as on a system
 * without /proc.
 *
 * @param openFiles that it may have open; {@link Long#MAX_VALUE} if that is not limited
 * @param maps that it may have of files and memory: vm.max_map_count
 * @param memoryBytes above which it is killed; {@link Long#MAX_VALUE} if that is not limited
 * @param freeInodes of the file system that the index lies on
 * @param hasHardLinks whether a file can be linked from where it is written to where it is kept
 */
public record HostFigures(
    @Nullable Long openFiles,
    @Nullable Long maps,
    @Nullable Long memoryBytes,
    @Nullable Long freeInodes,
    @Nullable Boolean hasHardLinks) {}
