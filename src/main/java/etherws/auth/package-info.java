/**
 * Who may come in: htpasswd, password hashes, the slowing of guesses. Hashing runs on its own
 * bounded threads, never on an event loop.
 */
@NullMarked
package etherws.auth;

import org.jspecify.annotations.NullMarked;
