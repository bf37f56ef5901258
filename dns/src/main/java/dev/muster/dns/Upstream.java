package dev.muster.dns;

import java.util.Optional;

/// Other name servers, which know the names that are not ours.
@FunctionalInterface
interface Upstream {

  /// Asks them; blocks, for a bounded time.
  ///
  /// @param query a whole message; its id is the answer's
  /// @return the first answer that says something; empty if there is nobody to ask or nobody knew
  Optional<byte[]> ask(byte[] query, boolean byTcp);
}
