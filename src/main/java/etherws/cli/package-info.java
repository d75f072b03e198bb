/** The command line: one class per subcommand; parses, prints, never works. */
@NullMarked
package etherws.cli;

import org.jspecify.annotations.NullMarked;
