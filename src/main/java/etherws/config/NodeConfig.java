package etherws.config;

import etherws.node.NodeSettings;
import java.util.List;

/**
 * What a file says of a process.
 *
 * @param warnings what the operator should know though it is no mistake
 */
public record NodeConfig(NodeSettings node, LogSettings log, List<Problem> warnings) {}
