package etherws.config;

import etherws.node.NodeSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file says of a process.
 *
 * @param runAs whom the process becomes once it is up; null stays who it is
 * @param warnings what the operator should know though it is no mistake
 */
public record NodeConfig(
    NodeSettings node, LogSettings log, @Nullable String runAs, List<Problem> warnings) {}
