/** The program's entry: argv in, exit status out; nothing else. */
@NullMarked
package etherws;

import org.jspecify.annotations.NullMarked;
