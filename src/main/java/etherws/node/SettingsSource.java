package etherws.node;

/** Where a node's settings come from: a file, or the command line that started it. */
@FunctionalInterface
public interface SettingsSource {
  /**
   * The settings as they are now. Touches the disk.
   *
   * @throws Exception with lines for the operator that say what is wrong
   */
  NodeSettings read() throws Exception;
}
